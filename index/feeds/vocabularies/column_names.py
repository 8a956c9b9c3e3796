"""The names of columns in exports, by field and most trusted first.

Google, Meta, affiliate networks (Awin, CJ), shop systems (PrestaShop, Skroutz, Heureka, Yandex), public
tables (Myntra, H&M, Kaggle), and the words of English, German, French, Spanish and Italian shops.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NAMES: Final[Mapping[str, str]] = {
    "sku": (
        "id offer_id article_id item_id itemid product_id productid p_id pid product_sku item_sku "
        "merchant_product_id aw_product_id unique_id uniqueid product_code/sku product_code productcode "
        "code item_number item_no item_code articleid reference_# reference variant_sku variant_id "
        "artikelnummer artikel_nr artikelnr artnr art_nr art_no produkt_id produktnummer bestellnummer "
        "reference_produit ref_produit ref code_produit identifiant id_produit codigo referencia "
        "id_producto codigo_producto codice codice_prodotto codice_articolo riferimento id_prodotto sifra "
        "indeks kod thirdpartyid vendorcode uniq_id style_code styleid asin "
        "sku_id aid artikelnummer_im_shop ordernumber customlabel custom_label pid_code part_number "
        " parent_asin handle mpn gtin ean upc barcode slug"
    ),
    "group": (
        "item_group_id itemgroup_id itemgroupid group_id parent_sku parentsku parent_id parent product_group "
        "variant_group parent_reference elternartikel vaterartikel groupe gruppo id_parent master_sku"
        " mainnumber parent_product product_group_id"
    ),
    "title": (
        "name product_name productname product_title item_name prod_name productdisplayname "
        "product_display_name display_name item_title titel bezeichnung artikelbezeichnung "
        "artikelname produktname produkttitel produktbezeichnung nom nom_du_produit nom_produit titre "
        "libelle designation intitule nombre nombre_del_producto nombre_producto titulo nome "
        "nome_prodotto titolo denominazione nazwa nazev naam productdisplay short_name post_title product heading model"
    ),
    "description": (
        "long_description product_description descriptions detail_desc desc body_html summary content "
        "short_description plaindescription beschreibung produktbeschreibung langbeschreibung "
        "artikelbeschreibung kurzbeschreibung description_longue description_courte descripcion "
        "descripcion_larga descripcion_corta descrizione descrizione_breve opis popis omschrijving "
        "product_short_description details about_product p_attributes"
    ),
    "brand": (
        "brand_name brandname productbrand product_brand manufacturer manufacturername manufacturer_name vendor "
        "producer designer label marke hersteller marque fabricant marca fabricante produttore merk "
        "znacka vyrobce individual_brand"
        " store maker hersteller_marke"
        " supplier producent"
    ),
    "category": (
        "google_product_category fb_product_category google_product_category_name articletype "
        "article_type product_type_name individual_category fashion:category subcategory sub_category "
        "subcategory_name category_name categoryname category_path categorypath categorytext category_full_path categories "
        "product_category product_categories merchant_product_category_path category_tree garment_group_name "
        "mastercategory master_category main_category "
        "product_group_name department department_name kategorie kategorien produktkategorie warengruppe "
        "categorie rubrique categoria categorias categoria_principale reparto product_category_tree collection "
        "advertisercategory cat breadcrumbs"
        " primary_category secondary_category shop_cat merchantcategory merchantsubcategory item_category clothing_type categories_names"
    ),
    "product_type": "producttype merchant_category custom_product_type produktart produkttyp tipo_de_producto "
    "type_de_produit tipo type typeprefix",
    "price": (
        "current_price selling_price sell_price final_price price_with_vat price_vat price_incl_tax "
        "price_tax_included search_price store_price regular_price variant_price unit_price base_price "
        "price_tax_excluded price_excl_tax product_price item_price amount preis verkaufspreis "
        "bruttopreis preis_brutto verkaufspreis_brutto vk_preis einzelpreis endpreis prix prix_ttc "
        "prix_de_vente prix_unitaire precio precio_venta precio_de_venta pvp prezzo prezzo_vendita "
        "prezzo_di_vendita cena prijs display_price formatted_price min_price"
        " standard_price startprice start_price regularer_preis normalpreis buy_it_now_price price_amount current"
        " price_ek"
    ),
    "currency": (
        "currency_code currencyid currency_id price_currency pricecurrency wahrung waehrung devise monnaie "
        "moneda divisa valuta"
        " currencycode"
    ),
    "sale_price": (
        "saleprice special_price specialprice discount_price discountprice discounted_price discountedprice "
        "offer_price promo_price promotional_price promotion_price reduced_price sonderpreis "
        "angebotspreis aktionspreis reduzierter_preis prix_promo prix_promotionnel prix_solde prix_remise "
        "precio_oferta precio_de_oferta precio_rebajado precio_descuento prezzo_scontato prezzo_offerta "
        "prezzo_promozionale"
    ),
    "old_price": (
        "oldprice was_price original_price originalprice list_price listprice retail_price retailprice rrp "
        "rrp_price msrp mrp uvp compare_at_price compare_price compareatprice product_price_old price_old "
        "price_before strikethroughprice strikethrough_price strike_price actual_price full_price "
        "streichpreis statt_preis alter_preis listenpreis prix_barre ancien_prix prix_avant precio_anterior "
        "precio_antes precio_original precio_tachado prezzo_listino prezzo_precedente prezzo_originale"
        " marked_price before_price"
        " pseudoprice_ek"
    ),
    "sale_dates": "sale_price_effective_date",
    "availability": (
        "in_stock instock stock_status stockstatus is_in_stock is_available available availability_status "
        "stock_availability verfugbarkeit verfugbar lagerstatus lieferbarkeit lieferstatus disponibilite "
        "disponible disponibilidad disponibilita disponibile en_stock en_existencia inventory_status"
        " availabilitystatus"
        " avail"
    ),
    "stock": (
        "stock_quantity quantity qty stock_level current_stock_level current_stock inventory inventory_quantity "
        "variant_inventory_qty quantity_to_sell_on_facebook quantity_available bestand lagerbestand lagermenge menge "
        "quantite quantite_en_stock stock_disponible cantidad existencias inventario giacenza quantita"
        " stockquantity available_quantity"
    ),
    "published": (
        "active enabled visible is_active is_visible product_online product_visible published_on_online_store "
        "product_status status aktiv veroffentlicht actif publie en_ligne activo publicado visible_en_tienda attivo "
        "pubblicato"
    ),
    "audience": "suitable_for fashion:suitable_for target_audience index_group_name category_by_gender",
    "gender": (
        "sex target_gender targetgender geschlecht zielgruppe zielgeschlecht genre sexe genero sexo sesso "
        "genere pol gender_name"
    ),
    "age_group": "agegroup age altersgruppe groupe_d_age tranche_d_age grupo_de_edad fascia_d_eta",
    "colour": (
        "color colours colors colour_name color_name colour_group_name basecolour base_colour basecolor base_color "
        "primarycolor primary_color primary_colour main_colour main_color product_color productcolor variant_color "
        "fashion:colour farbe farben farbname grundfarbe couleur couleurs coloris colore colori kleur barva kolor "
        "perceived_colour_master_name"
    ),
    "second_colour": "second_color secondary_color secondary_colour zweitfarbe",
    "pattern": "fashion:pattern graphical_appearance_name muster motif estampado fantasia",
    "material": (
        "materials fabric fabric_type fashion:material composition materialzusammensetzung obermaterial stoff "
        "matiere matieres composition_matiere tejido materiale materiali tessuto composizione"
    ),
    "sleeve": "sleeve_length sleeve_type armellange armel longueur_manche manches manica",
    "sizes": (
        "size available_sizes sizeoption size_option size_options product_size fashion:size shoe_size eu_size size_name "
        "grosse groessen groesse grossen schuhgrosse taille tailles pointure talla tallas taglia taglie "
        "maat rozmiar velikost"
    ),
    "image": (
        "image_link image_url imageurl imagelink img_url imgurl img image_src main_image main_image_url mainimage "
        "main_image_link primary_image primary_image_url picture picture_url pictureurl photo photo_url merchant_image_url "
        "large_image_url large_image aw_image_url base_image featured_image default_image product_image "
        "product_image_url productimageurl productimage image_path image_file image_name link_to_image variant_image_url "
        "bild bild_url bildlink bildurl bild_link produktbild hauptbild hauptbild_url image_principale "
        "url_image url_de_l_image url_de_l'image lien_image photo_principale imagen url_imagen url_de_imagen "
        "imagen_principal enlace_imagen foto foto_url immagine url_immagine immagine_principale link_immagine obrazek "
        "zdjecie afbeelding thumbnail thumbnail_url small_image picture_link filename"
        " picurl pic_url bigimage big_image image_primary front_image image_urls_large imageurlhighres cover cover_image product_img primaryimage"
    ),
    "more_images": (
        "additional_image_link additional_image_links additional_image_url additional_image_urls images image_urls "
        "image_links image_list additional_images additionalimage additional_image more_image gallery gallery_images "
        "media other_images alternate_image alternate_images imgurl_alternative extra_images image_gallery pictures "
        "photos product_images weitere_bilder zusatzbilder zusatzliche_bilder bilder images_supplementaires autres_images "
        "imagenes imagenes_adicionales otras_imagenes immagini immagini_aggiuntive altre_immagini fotos"
        " other_image_url other_image hosted_image_urls image_links_all product_photos additionalimages imageurls imagelinks image_gallery_urls"
        " imgs"
    ),
    "link": (
        "url product_url producturl product_link productlink buyurl buy_url deeplink deep_link merchant_deep_link "
        "aw_deep_link permalink canonical_url page_url link_url href produktlink produkt_url lien lien_produit "
        "url_produit enlace url_producto collegamento url_prodotto"
        " website product_page_url item_url"
    ),
}  # fmt: skip
ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    field: tuple(names.split()) for field, names in _NAMES.items()
}
"""A field -> the names of its columns beside its own, the most trusted first."""
