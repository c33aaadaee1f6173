"""What the report rests on: works that a reader can look up; those of the model only where they apply."""

from desktop_app.domain import ModelCard

ALWAYS = (
    "European Network of Forensic Science Institutes: Guideline for evaluative reporting in forensic science, 2015.",
    "ISO/IEC 27037:2012: Guidelines for identification, collection, acquisition and preservation of digital evidence.",
    "National Institute of Standards and Technology: FIPS 180-4, Secure Hash Standard, 2015.",
    "Zhang, Zhang, Li, Qiao: Joint face detection and alignment using multitask cascaded convolutional networks. IEEE "
    "Signal Processing Letters 23, 2016.",
    "Selvaraju et al.: Grad-CAM: visual explanations from deep networks via gradient-based localization. ICCV 2017.",
    "Künsch: The jackknife and the bootstrap for general stationary observations. Annals of Statistics 17, 1989.",
    "Wilson: Probable inference, the law of succession, and statistical inference. Journal of the American Statistical "
    "Association 22, 1927.",
    "Clopper, Pearson: The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika "
    "26, 1934.",
    "Coalition for Content Provenance and Authenticity: C2PA technical specification, c2pa.org.",
)
# by a part of what the card names, in lower case
BY_NAME = (
    ("mobilenet", "Sandler et al.: MobileNetV2: inverted residuals and linear bottlenecks. CVPR 2018."),
    ("efficientnet", "Tan, Le: EfficientNet: rethinking model scaling for convolutional neural networks. ICML 2019."),
    ("xception", "Chollet: Xception: deep learning with depthwise separable convolutions. CVPR 2017."),
    ("mesonet", "Afchar et al.: MesoNet: a compact facial video forgery detection network. WIFS 2018."),
    ("dfdc", "Dolhansky et al.: The DeepFake Detection Challenge (DFDC) dataset. arXiv:2006.07397, 2020."),
    ("openforensics", "Le et al.: OpenForensics: large-scale challenging dataset for multi-face forgery detection and "
     "segmentation in-the-wild. ICCV 2021."),
    ("lfw", "Huang et al.: Labeled Faces in the Wild. University of Massachusetts, Technical report 07-49, 2007."),
    ("ffhq", "Karras, Laine, Aila: A style-based generator architecture for generative adversarial networks. CVPR "
     "2019."),
    ("utkface", "Zhang, Song, Qi: Age progression/regression by conditional adversarial autoencoder. CVPR 2017."),
    ("blended", "Shiohara, Yamasaki: Detecting deepfakes with self-blended images. CVPR 2022."),
    ("ff++", "Rössler et al.: FaceForensics++: learning to detect manipulated facial images. ICCV 2019."),
    ("celeb-df", "Li et al.: Celeb-DF: a large-scale challenging dataset for deepfake forensics. CVPR 2020."),
)  # fmt: skip


def references(card: ModelCard) -> tuple[str, ...]:
    """Works in the order of the report's use of them."""
    named = [card.architecture, *(s.name for s in card.training_data), *(r.dataset for r in card.error_rates)]
    known = " ".join([*named, *card.limits]).lower()
    return (*ALWAYS, *(work for part, work in BY_NAME if part in known))
