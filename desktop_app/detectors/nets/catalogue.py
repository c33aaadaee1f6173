"""Every network that a card or a recipe can name."""

from torch import nn

from desktop_app.detectors.nets.attention import cbam_cnn
from desktop_app.detectors.nets.backbones import (
    efficientnet_b0,
    efficientnet_b0_same,
    efficientnet_b4,
    efficientnet_b4_same,
    mobilenet_v2,
    mobilenet_v2_residual,
    resnet18,
    resnet34,
    resnet50,
    resnet50_256,
    resnet50_512_256,
)
from desktop_app.detectors.nets.meso import meso4, meso_inception4
from desktop_app.detectors.nets.plain import cnn_small, cnn_standard, separable_cnn
from desktop_app.detectors.nets.spec import NetSpec
from desktop_app.detectors.nets.xception import xception
from desktop_app.errors import ModelError

NETS: dict[str, NetSpec] = {
    "cnn_standard": NetSpec(
        cnn_standard, "features.26", "classifier", 224, 2, "an academic system, trained from scratch"
    ),
    "cnn_small": NetSpec(cnn_small, "features.19", "classifier", 224, 2, "an academic system, trained from scratch"),
    "separable_cnn": NetSpec(separable_cnn, "features.29", "classifier", 128, 7, "Chollet, CVPR 2017"),
    "cbam_cnn": NetSpec(cbam_cnn, "features.13", "classifier", 128, 2, "Woo et al., ECCV 2018"),
    "meso4": NetSpec(meso4, "features.14", "classifier", 256, 1, "Afchar et al., WIFS 2018"),
    "meso_inception4": NetSpec(meso_inception4, "features.12", "classifier", 256, 1, "Afchar et al., WIFS 2018"),
    "mobilenet_v2": NetSpec(mobilenet_v2, "features.18.0", "classifier", 224, 2, "Sandler et al., CVPR 2018"),
    "mobilenet_v2_residual": NetSpec(
        mobilenet_v2_residual,
        "features.18.0",
        "classifier",
        224,
        1,
        "Sandler et al., CVPR 2018; Fridrich and Kodovský, IEEE TIFS 2012",
    ),
    "efficientnet_b0": NetSpec(efficientnet_b0, "features.8", "classifier", 224, 7, "Tan and Le, ICML 2019"),
    "efficientnet_b0_same": NetSpec(
        efficientnet_b0_same, "features.8", "classifier", 224, 2, "Tan and Le, ICML 2019; TensorFlow's paddings"
    ),
    "efficientnet_b4": NetSpec(efficientnet_b4, "features.8", "classifier", 380, 2, "Tan and Le, ICML 2019"),
    "efficientnet_b4_same": NetSpec(
        efficientnet_b4_same, "features.8", "classifier", 380, 2, "Tan and Le, ICML 2019; TensorFlow's paddings"
    ),
    "xception": NetSpec(xception, "bn4", "fc", 299, 2, "Chollet, CVPR 2017"),
    "resnet18": NetSpec(resnet18, "layer4", "fc", 224, 2, "He et al., CVPR 2016"),
    "resnet34": NetSpec(resnet34, "layer4", "fc", 224, 2, "He et al., CVPR 2016"),
    "resnet50": NetSpec(resnet50, "layer4", "fc", 224, 2, "He et al., CVPR 2016"),
    "resnet50_512_256": NetSpec(resnet50_512_256, "layer4", "fc", 224, 1, "He et al., CVPR 2016"),
    "resnet50_256": NetSpec(resnet50_256, "layer4", "fc", 128, 1, "He et al., CVPR 2016"),
}


def net_spec(architecture: str) -> NetSpec:
    """Look an architecture up.

    Raises:
        ModelError: The name is not known.
    """
    try:
        return NETS[architecture]
    except KeyError as error:
        raise ModelError(
            f"The network architecture “{architecture}” is not known.",
            f"This version knows: {', '.join(sorted(NETS))}.",
        ) from error


def build_net(architecture: str, outputs: int) -> nn.Module:
    """Build a network with random weights.

    Args:
        architecture: Key of `NETS`.
        outputs: Number of logits.

    Raises:
        ModelError: The name is not known.
    """
    return net_spec(architecture).build(outputs)
