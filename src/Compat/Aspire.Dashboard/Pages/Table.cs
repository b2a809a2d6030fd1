namespace Aspire.Dashboard.Pages;

/// <summary>A table with a line that says how much of the whole it shows.</summary>
internal static class Table
{
    public static Markup Render(string kind, IEnumerable<string> columns, IReadOnlyList<Markup> rows, int total, string whenEmpty) => rows.Count == 0
        ? Markup.Of($"""<p class="empty">{whenEmpty}</p>""")
        : Markup.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="{kind}"><table class="{kind}">
            <thead><tr>{Markup.Each(columns, c => Markup.Of($"""<th scope="col">{c}</th>"""))}</tr></thead>
            <tbody data-keyed>{Markup.Join(rows)}</tbody>
            </table></div>
            <p class="count">{(rows.Count < total ? $"The newest {rows.Count:#,0} of {total:#,0}; filter to see others." : $"{total:#,0} shown.")}</p>
            """);
}
