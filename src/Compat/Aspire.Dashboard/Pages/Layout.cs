using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>A page's parts. What is live is replaced as telemetry arrives; the rest stays as the visitor left it.</summary>
internal sealed record Page(string Title, string Path, Markup Filter, Markup Live)
{
    /// <summary>What its button clears; null: it has none.</summary>
    public Signal? Clear { get; init; }

    /// <summary>The service that it is narrowed down to; empty for all.</summary>
    public string Resource { get; init; } = "";

    /// <summary>False for a page that streams by itself, or has nothing that changes.</summary>
    public bool Refreshes { get; init; } = true;
}

/// <summary>What the frame needs to know beside the page.</summary>
internal readonly record struct Surroundings(bool HasAppHost, bool HasLogin);

/// <summary>The frame around every page.</summary>
internal static class Layout
{
    public static Markup Render(Page page, Surroundings around) => Frame(page.Title, Header(page, around), Markup.Of($"""
        <main id="main" tabindex="-1">
        <div class="heading"><h1>{page.Title}</h1>{page.Filter}</div>
        <p id="message" role="status" aria-live="polite"></p>
        <div id="live"{(page.Refreshes ? Markup.Of($" data-refreshes") : Markup.Empty)}>{page.Live}</div>
        </main>
        """));

    public static Markup Frame(string title, Markup header, Markup main) => Markup.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title} · Dashboard</title>
        <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/dashboard.css">
        <link rel="stylesheet" href="/assets/content.css">
        <script src="/assets/dashboard.js" type="module"></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        {header}
        {main}
        </body>
        </html>
        """);

    private static Markup Header(Page page, Surroundings around) => Markup.Of($"""
        <header>
        <strong>Dashboard</strong>
        <nav aria-label="Sections">{Markup.Each(Sections(around), s => Section(s.Path, s.Title, page.Path))}</nav>
        <div class="tools">
        <span id="connection" role="status"></span>
        {ClearForm(page)}
        <button id="pause" type="button" aria-pressed="false" hidden>Pause</button>
        {(around.HasLogin ? Markup.Of($"""<form method="post" action="/logout"><button type="submit">Log out</button></form>""") : Markup.Empty)}
        </div>
        </header>
        """);

    private static IEnumerable<(string Path, string Title)> Sections(Surroundings around) =>
    [
        ("/", "Resources"),
        .. around.HasAppHost ? [("/consolelogs", "Console logs")] : Array.Empty<(string, string)>(),
        ("/structuredlogs", "Structured logs"),
        ("/traces", "Traces"),
        ("/metrics", "Metrics"),
    ];

    private static Markup ClearForm(Page page) => page.Clear is not { } signal ? Markup.Empty : Markup.Of($"""
        <form method="post" action="/clear/{signal.ToString()}?resource={Uri.EscapeDataString(page.Resource)}" data-command><button type="submit">Clear</button></form>
        """);

    private static Markup Section(string path, string title, string current) => path == current
        ? Markup.Of($"""<a href="{path}" aria-current="page">{title}</a>""")
        : Markup.Of($"""<a href="{path}">{title}</a>""");
}
