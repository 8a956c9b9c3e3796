// A desktop's camera in a small viewfinder; a phone has an app of its own for it.
const isPhone = () => matchMedia("(pointer: coarse) and (hover: none)").matches;

const DENIED = new Set(["NotAllowedError", "SecurityError"]);
const MISSING = new Set(["NotFoundError", "OverconstrainedError"]);

async function openCamera(zone, words, take) {
  if (!navigator.mediaDevices?.getUserMedia) {
    tellIn(zone, words.cameraInsecure);
    return;
  }
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1600 } }, audio: false });
  } catch ({ name }) {
    const told = DENIED.has(name) ? words.cameraDenied : MISSING.has(name) ? words.cameraMissing : words.cameraBusy;
    tellIn(zone, told);
    return;
  }
  const video = part(zone, "video");
  const shutter = part(zone, ".take");
  shutter.disabled = true; // until there is something to take
  video.setAttribute("aria-label", words.viewfinder);
  video.srcObject = stream;
  stage(zone, "finder");
  tellIn(zone, words.cameraOn);
  const close = () => {
    clearInterval(watch);
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    stage(zone, "ready");
    tellIn(zone, "");
    part(zone, ".shoot").focus();
  };
  // left for another page: the camera goes off
  const watch = setInterval(() => zone.isConnected || close(), 500);
  part(zone, ".stop").onclick = close;
  part(zone, ".finder").onkeydown = (event) => {
    if (event.key === "Escape") close();
  };
  shutter.onclick = async () => {
    const taken = await drawn(video, video.videoWidth, video.videoHeight);
    close();
    if (taken) take(new File([taken], "camera.jpg", { type: "image/jpeg" }));
  };
  try {
    await video.play();
  } catch {
    return; // closed before the first picture came
  }
  shutter.disabled = false;
  shutter.focus();
}
