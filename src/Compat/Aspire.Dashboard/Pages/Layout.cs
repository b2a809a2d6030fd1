namespace Aspire.Dashboard.Pages;

/// <summary>A page's parts. What is live is replaced as telemetry arrives; the rest stays as the visitor left it.</summary>
internal sealed record Page(string Title, string Path, Markup Filter, Markup Live);

/// <summary>The frame around every page.</summary>
internal static class Layout
{
    private static readonly (string Path, string Title)[] Sections =
        [("/", "Resources"), ("/structuredlogs", "Structured logs"), ("/traces", "Traces"), ("/metrics", "Metrics")];

    public static Markup Render(Page page) => Markup.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{page.Title} · Dashboard</title>
        <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/dashboard.css">
        <script src="/assets/dashboard.js" type="module"></script>
        </head>
        <body>
        <a class="skip" href="#live">Skip to content</a>
        <header>
        <strong>Dashboard</strong>
        <nav aria-label="Sections">{Markup.Each(Sections, s => Section(s.Path, s.Title, page.Path))}</nav>
        <button id="pause" type="button" aria-pressed="false" hidden>Pause</button>
        </header>
        <main>
        <div class="heading"><h1>{page.Title}</h1>{page.Filter}</div>
        <div id="live">{page.Live}</div>
        </main>
        </body>
        </html>
        """);

    private static Markup Section(string path, string title, string current) => path == current
        ? Markup.Of($"""<a href="{path}" aria-current="page">{title}</a>""")
        : Markup.Of($"""<a href="{path}">{title}</a>""");
}
