"""The models that Mask R-CNN is compared with: UNet and YOLACT; serving never imports them."""
