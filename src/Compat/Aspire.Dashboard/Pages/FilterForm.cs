namespace Aspire.Dashboard.Pages;

/// <summary>The form above a list. It works by plain GET; the script submits it on change.</summary>
internal static class FilterForm
{
    public static Markup Render(string path, IEnumerable<Markup> fields) => Markup.Of($"""
        <form class="filter" method="get" action="{path}" autocomplete="off">{Markup.Join(fields)}<button type="submit">Filter</button></form>
        """);

    public static Markup Resource(IEnumerable<string> services, string chosen) => Select(
        "resource", "Resource", services.Append(chosen).Where(s => s.Length > 0).Distinct().Select(s => (s, s)).Prepend(("", "All resources")), chosen);

    public static Markup Level(LogLevel? chosen) => Select(
        "level",
        "Level",
        Enum.GetValues<LogLevel>().Where(l => l != LogLevel.None).Select(l => (l.ToString(), $"{l} and up")).Prepend(("", "All levels")),
        chosen?.ToString() ?? "");

    public static Markup Text(string value, string hint) => Markup.Of(
        $"""<input type="search" name="q" value="{value}" placeholder="{hint}" aria-label="{hint}">""");

    public static Markup Hidden(string name, string value) => value.Length == 0
        ? Markup.Empty
        : Markup.Of($"""<input type="hidden" name="{name}" value="{value}">""");

    public static Markup Check(string name, string label, bool value) => Markup.Of(
        $"""<label><input type="checkbox" name="{name}" value="1"{(value ? Markup.Of($" checked") : Markup.Empty)}> {label}</label>""");

    public static Markup Select(string name, string label, IEnumerable<(string Value, string Text)> options, string chosen) => Markup.Of(
        $"""<select name="{name}" aria-label="{label}">{Markup.Each(options, o => Option(o.Value, o.Text, o.Value == chosen))}</select>""");

    private static Markup Option(string value, string text, bool chosen) => Markup.Of(
        $"""<option value="{value}"{(chosen ? Markup.Of($" selected") : Markup.Empty)}>{text}</option>""");
}
