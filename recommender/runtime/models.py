"""The models of one process, each loaded once, when it is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from index.encoders.attribute_prompts import Families, families_of
from index.encoders.attributes import AttributeReader
from index.encoders.clothes import ClothesGate, gate_of
from index.encoders.relevance import Relevance, relevance_of
from index.encoders.zero_shot_classifier import CategoryGuesser, calibration_of
from index.facts.heads import heads_of
from index.facts.reader import FactsReader
from index.importing.encoding import Cutter
from recommender.compatibility import kinds
from recommender.compatibility.kinds import PairCounts
from recommender.compatibility.model import Scorer
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import table_of
from recommender.photos.garment_of import cutter_with
from recommender.ports import Detector
from recommender.runtime import loading
from recommender.runtime.batching import SharedBatches
from recommender.settings import Settings

if TYPE_CHECKING:
    from index.encoders.encoder import Encoder

T = TypeVar("T")


class Models:
    """The models that the settings name, and what is read off them."""

    def __init__(self, settings: Settings, *, shared: bool = False) -> None:
        """Take the settings; nothing is loaded yet.

        Args:
            settings: of this process.
            shared: several requests at a time share the encoder's batches.
        """
        self.settings, self._shared = settings, shared
        self._lock, self._aside = threading.RLock(), threading.RLock()
        self._made: dict[str, Any] = {}

    @property
    def detector(self) -> Detector:
        """The garment detector."""
        return self._once("detector", self._load_detector)

    @property
    def cutter(self) -> Cutter:
        """What cuts items out of the shop's pictures; the detector is loaded when one needs it."""
        return cutter_with(
            lambda: self._once("catalogue detectors", lambda: loading.for_catalogue(self.detector))
        )

    @property
    def encoder(self) -> Encoder:
        """The encoder."""
        if not self._shared:
            return self._own_encoder
        return self._once("shared batches", lambda: SharedBatches(self._own_encoder))

    @property
    def attributes(self) -> AttributeReader:
        """What reads attributes off the encoder's vectors; the encoder is loaded when it is asked.

        Raises:
            WeightsError: the encoder's `attributes.json` is damaged.
        """
        return self._once("attributes", lambda: AttributeReader(_Words(self), self._families()))

    @property
    def facts(self) -> FactsReader:
        """What reads facts off the encoder's vectors.

        Raises:
            WeightsError: the encoder's `facts.safetensors` is damaged, or of another encoder.
        """
        return self._once("facts", self._facts)

    @property
    def clothes(self) -> ClothesGate:
        """What tells pictures of clothes from others; it lets all pass where none was fitted.

        Raises:
            WeightsError: the encoder's `clothes.json` is damaged, or of another encoder.
        """
        return self._once("clothes", self._clothes)

    @property
    def relevance(self) -> Relevance:
        """What says when an answer is relevant: as the encoder was calibrated, or a rule.

        Raises:
            WeightsError: the encoder's `relevance.json` is damaged, or of another encoder.
        """
        return self._once("relevance", self._relevance)

    @property
    def guesser(self) -> CategoryGuesser:
        """What guesses the kind of an item whose shop does not say it.

        Raises:
            WeightsError: the encoder's `guessing.json` is damaged.
        """
        return self._once("guesser", self._guesser)

    @property
    def scorer(self) -> Scorer:
        """What says how well an item completes an outfit: the trained model, or a rule.

        The rule stands in where an encoder is set that the shipped model was not trained for.

        Raises:
            WeightsError: the model that is set is damaged, or was trained for another encoder.
        """
        return self._once("scorer", lambda: loading.scorer(self.settings, self.encoder.fingerprint))

    @property
    def kinds(self) -> PairCounts:
        """How often kinds were worn together: of the model that is set, or of the shipped one.

        Raises:
            WeightsError: the file is damaged.
        """
        chosen = self.settings.compatibility
        if chosen is None:
            return kinds.shipped()
        return self._once("kinds", lambda: kinds.counts_in(chosen / kinds.SHIPPED.name))

    @property
    def stylist(self) -> Stylist:
        """Who knows the conventions of dress: ours, with the shop's own over them.

        Raises:
            StylistError: the shop's table cannot be used.
        """
        return self._once("stylist", lambda: Stylist(table_of(self.settings.stylist)), aside=True)

    def _load_detector(self) -> Detector:
        return loading.detector(self.settings)

    @property
    def _own_encoder(self) -> Encoder:
        return self._once("encoder", self._load_encoder)

    def _load_encoder(self) -> Encoder:
        return loading.encoder(self.settings)

    def _families(self) -> Families:
        return families_of(loading.encoder_name(self.settings))

    def _facts(self) -> FactsReader:
        name = loading.encoder_name(self.settings)
        return FactsReader(heads_of(name, lambda: self.encoder.fingerprint))

    def _clothes(self) -> ClothesGate:
        return gate_of(loading.encoder_name(self.settings), self.encoder.fingerprint)

    def _relevance(self) -> Relevance:
        return relevance_of(loading.encoder_name(self.settings), self.encoder.fingerprint)

    def _guesser(self) -> CategoryGuesser:
        calibration = calibration_of(loading.encoder_name(self.settings))
        return CategoryGuesser(self._own_encoder, calibration, self.settings.least_confidence)

    def _once(self, name: str, make: Callable[[], T], *, aside: bool = False) -> T:
        """Return what was made under a name; make it if it is not there yet.

        Args:
            name: of the thing.
            make: returns it.
            aside: it is made in no time and of nothing else that is made here, so it need not wait
                until a model is loaded; the server's event loop asks for it.
        """
        if name not in self._made:
            with self._aside if aside else self._lock:
                if name not in self._made:
                    self._made[name] = make()
        return cast(T, self._made[name])


@dataclass(frozen=True)
class _Words:
    """The encoder's side for words; it is loaded for the first of them."""

    models: Models

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.models.encoder.encode_texts(texts)
