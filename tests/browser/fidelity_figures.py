"""Figures of many kinds whose structure changes from step to step, to test what becomes of them."""

import numpy as np
from matplotlib import pyplot as plt

from mlsheet.notebook.style import BLUE, GREEN, ORANGE

STEPS = 6
FIGURES = {}


def kind(draw):
    """Register a drawing function of one integer."""
    FIGURES[draw.__name__] = draw
    return draw


def random(seed=0):
    return np.random.default_rng(seed)


@kind
def histogram(step):
    fig, ax = plt.subplots()
    ax.hist(random().normal(size=500), bins=5 + 5 * step, edgecolor="w", label="sample")
    ax.set_title(f"{5 + 5 * step} bins")
    return fig


@kind
def logarithmic_ticks(step):
    fig, ax = plt.subplots()
    x = np.linspace(0.1, 10, 80)
    ax.loglog(x, x**step + 1e-3)
    ax.grid(True, which="both")
    return fig


@kind
def quiver(step):
    fig, ax = plt.subplots()
    x, y = np.meshgrid(range(8), range(8))
    ax.quiver(x, y, np.cos(x * step / 3), np.sin(y * step / 3), color=BLUE)
    return fig


@kind
def streamlines(step):
    fig, ax = plt.subplots()
    y, x = np.mgrid[-2:2:30j, -2:2:30j]
    ax.streamplot(x, y, -1 - x**2 + y * step / 2, 1 + x - y**2, density=0.7)
    return fig


@kind
def surface(step):
    fig = plt.figure()
    ax = fig.add_subplot(projection="3d")
    x, y = np.meshgrid(np.linspace(-2, 2, 20), np.linspace(-2, 2, 20))
    ax.plot_surface(x, y, np.sin(x * (1 + step / 3)) * np.cos(y), cmap="viridis")
    ax.view_init(30, 20 + 15 * step)
    return fig


@kind
def polar(step):
    fig, ax = plt.subplots(subplot_kw={"projection": "polar"})
    angle = np.linspace(0, 2 * np.pi, 200)
    ax.plot(angle, 1 + np.cos((step + 1) * angle))
    return fig


@kind
def boxes_and_violins(step):
    fig, (left, right) = plt.subplots(ncols=2)
    samples = [random(k).normal(k * step / 4, 1, 60) for k in range(3)]
    left.boxplot(samples)
    right.violinplot(samples)
    return fig


@kind
def hexagons(step):
    fig, ax = plt.subplots()
    ax.hexbin(*random(1).normal(size=(2, 800)), gridsize=8 + 3 * step, cmap="Blues")
    return fig


@kind
def mesh(step):
    fig, ax = plt.subplots()
    fig.colorbar(ax.pcolormesh(random(step).random((12, 16))))
    return fig


@kind
def rasterised_mesh(step):
    fig, ax = plt.subplots()
    waves = np.sin(np.add.outer(np.arange(60), np.arange(80)) * (0.05 + 0.02 * step))
    fig.colorbar(ax.pcolormesh(waves, rasterized=True))
    return fig


@kind
def photograph(step):
    fig, ax = plt.subplots()
    light = np.linspace(0, 0.8, 60)[None, :, None] * (step + 1) / 6
    ax.imshow(random(1).random((40, 60, 3)) * 0.2 + light, interpolation="none")
    return fig


@kind
def smoothed_image(step):
    fig, ax = plt.subplots()
    ax.imshow(np.add.outer(range(28), range(28)) ** (0.5 + 0.2 * step), interpolation="bilinear")
    return fig


@kind
def palette_image(step):
    fig, ax = plt.subplots()
    fig.colorbar(ax.imshow(np.add.outer(range(28), range(28)) ** (0.5 + 0.2 * step)))
    return fig


@kind
def annotation(step):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    arrow = {"arrowstyle": "->", "connectionstyle": "arc3,rad=.2"}
    ax.annotate(f'step {step} <&> "q"', (step / 6, step / 6), (0.2, 0.8), arrowprops=arrow)
    return fig


@kind
def mathematics(step):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, step])
    ax.set_title(rf"$\hat\theta_{{{step}}}=\frac{{\alpha^{{{step}}}}}{{\sqrt{{\beta+{step}}}}}$")
    ax.set_xlabel(r"$\mathbb{E}[x]$ loss")
    return fig


@kind
def table(step):
    fig, ax = plt.subplots()
    ax.axis("off")
    ax.table([[str(k * step) for k in range(4)] for _ in range(3 + step % 2)], loc="center")
    return fig


@kind
def hatches(step):
    fig, ax = plt.subplots()
    hatch = ["/", "x", "o", "."][step % 4]
    ax.bar(range(4), random(step).random(4), hatch=hatch, facecolor="none", edgecolor=ORANGE)
    ax.bar(range(4), -random(step).random(4), hatch="\\", facecolor=GREEN, edgecolor="w")
    return fig


@kind
def two_scales(step):
    fig, ax = plt.subplots()
    fig.subplots_adjust(right=0.85)
    ax.plot(range(9), random(step).random(9))
    ax.twinx().plot(range(9), random(step).random(9) * 10**step, ORANGE)
    return fig


@kind
def stems_and_errors(step):
    fig, (left, right) = plt.subplots(ncols=2)
    left.stem(range(5 + step), random(step).random(5 + step))
    right.errorbar(range(6), random(step).random(6), yerr=0.1 * (1 + step), capsize=3, fmt="o")
    return fig


@kind
def stack_and_pie(step):
    fig, (left, right) = plt.subplots(ncols=2)
    left.stackplot(range(10), random(step).random((3, 10)))
    right.pie(random(step).random(4), labels=list("abcd"), autopct="%d%%")
    return fig


@kind
def constrained_layout(step):
    fig, panels = plt.subplots(nrows=2, ncols=2, layout="constrained")
    for k, ax in enumerate(panels.flat):
        ax.plot(random(k + step).random(30).cumsum())
        ax.set_title(f"{k}, {step}")
    return fig


@kind
def growing_legend(step):
    fig, ax = plt.subplots()
    for k in range(step + 1):
        ax.plot(range(5), np.arange(5) * k, label=f"method {k}")
    ax.legend(frameon=True)
    return fig


@kind
def labelled_contours(step):
    fig, ax = plt.subplots()
    x, y = np.meshgrid(np.linspace(-3, 3, 60), np.linspace(-3, 3, 60))
    ax.clabel(ax.contour(x, y, x**2 + (1 + step) * y**2, 8))
    return fig


@kind
def filled_contours(step):
    fig, ax = plt.subplots()
    x, y = np.meshgrid(np.linspace(-3, 3, 60), np.linspace(-3, 3, 60))
    fig.colorbar(ax.contourf(x, y, np.sin(x * (1 + step / 4)) + y**2 / 5, 9, cmap="RdBu"))
    return fig


@kind
def triangles(step):
    fig, ax = plt.subplots()
    x, y = random(2).random((2, 40))
    ax.tripcolor(x, y, np.sin(x * 6 + step))
    ax.triplot(x, y, linewidth=0.5)
    return fig


@kind
def graph(step):
    fig, ax = plt.subplots()
    places = random(3).random((8, 2))
    arrow = {"arrowstyle": "-|>", "shrinkA": 10, "shrinkB": 10}
    for u in range(8):
        for v in range(u + 1, 8):
            if (u * 7 + v * 3 + step) % 3 == 0:
                ax.annotate("", places[v], places[u], arrowprops=arrow)
    ax.scatter(*places.T, s=300, zorder=3)
    for name, place in enumerate(places):
        ax.text(*place, str(name), ha="center", va="center", color="w")
    return fig


@kind
def moving_points(step):
    fig, ax = plt.subplots()
    start, end = random().normal(size=(2, 200, 2))
    places = (1 - step / 5) * start + step / 5 * end
    ax.scatter(*places.T, c=np.arange(200), s=5 + np.arange(200) % 20, alpha=0.7)
    ax.set(xlim=(-4, 4), ylim=(-4, 4))
    return fig


@kind
def changing_markers(step):
    fig, ax = plt.subplots()
    dashes = ["-", "--", ":", "-.", "-", "--"][step]
    ax.plot(random(step).random(10), marker="osD^v*"[step], linestyle=dashes, color=f"C{step}")
    return fig


@kind
def spanning_panels(step):
    fig = plt.figure()
    grid = fig.add_gridspec(2, 3)
    fig.add_subplot(grid[:, 0]).barh(range(4), random(step).random(4))
    fig.add_subplot(grid[0, 1:]).fill_between(range(9), random(step).random(9), step="mid")
    fig.add_subplot(grid[1, 1:]).step(range(9), random(step).random(9))
    fig.suptitle(f"step {step}", style="italic", weight="bold")
    return fig


@kind
def gouraud_shading(step):
    fig, ax = plt.subplots()
    ax.pcolormesh(random(step).random((5, 6)), shading="gouraud")
    return fig
