using System.Globalization;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.ResourceService;

namespace Aspire.Dashboard.Pages;

/// <summary>One instance that the AppHost runs; opened, all that is known of it.</summary>
internal static class ManagedRow
{
    public static Markup Render(ResourceMessage resource, IReadOnlyList<ResourceSummary> telemetry) => Markup.Of($"""
        <tr id="managed-{resource.Id}">
        <td><details id="about-{resource.Id}"><summary><b>{resource.Id}</b> <span class="faint">{resource.Type}</span></summary>{About(resource, telemetry)}</details></td>
        <td>{State(resource)}</td>
        <td>{Markup.Each(resource.Endpoints, Endpoint)}</td>
        <td>{(resource.Started is { } started ? Display.Time(started) : Markup.Empty)}</td>
        <td class="number">{resource.Restarts}</td>
        <td class="number">{Display.Errors(telemetry.Sum(t => t.ErrorCount))}</td>
        <td class="links"><a href="/consolelogs/{Uri.EscapeDataString(resource.Id)}">Console</a> {Display.SignalLinks(resource.Name)}</td>
        <td class="commands">{Markup.Each(resource.Commands, command => Command(resource.Id, command))}</td>
        </tr>
        """);

    private static Markup State(ResourceMessage resource)
    {
        var (text, mark) = resource switch
        {
            { State: "Running", Health: "Healthy" } => ("Running", "good"),
            { State: "Running" } => ("Running, not healthy", "warn"),
            { State: "Finished" } => ("Stopped", "faint"),
            { State: "FailedToStart" } => ("Failed to start", "bad"),
            { State: "Exited" } => ("Exited", "bad"),
            { State: "NotStarted" } => ("Not started", "faint"),
            _ => (resource.State, "warn"),
        };
        return Markup.Of($"""<span class="state {mark}">{text}</span>{(resource.Problem is { } problem ? Markup.Of($"""<br><small class="faint problem">{problem}</small>""") : Markup.Empty)}""");
    }

    // Only http can be opened by a browser; the rest is for copying.
    private static Markup Endpoint(ResourceEndpoint endpoint) => endpoint.Url.StartsWith("http://", StringComparison.Ordinal)
        ? Markup.Of($"""<a class="endpoint" href="{endpoint.Url}" rel="noreferrer" title="{endpoint.Name}">{endpoint.Url["http://".Length..]}</a> """)
        : Markup.Of($"""<span class="endpoint" title="{endpoint.Name}">{endpoint.Url}</span> """);

    private static Markup Command(string id, string command) => Markup.Of($"""
        <form method="post" action="/resources/{Uri.EscapeDataString(id)}/{command}" data-command><button type="submit" aria-label="{Name(command)} {id}">{Name(command)}</button></form>
        """);

    private static string Name(string command) => char.ToUpperInvariant(command[0]) + command[1..];

    private static Markup About(ResourceMessage resource, IReadOnlyList<ResourceSummary> telemetry)
    {
        (string Name, string Value)[] facts =
        [
            ("Process", resource.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? ""),
            ("Exit code", resource.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? ""),
            ("Health", resource.Health ?? ""),
            ("Problem", resource.Problem ?? ""),
            ("Stopped", resource.Stopped?.ToString("u", CultureInfo.InvariantCulture) ?? ""),
        ];
        return Markup.Of($"""
            <dl class="attributes">{Markup.Each(facts.Where(f => f.Value.Length > 0), f => Markup.Of($"<dt>{f.Name}</dt><dd>{f.Value}</dd>"))}</dl>
            {(resource.Environment.Count == 0 ? Markup.Empty : Markup.Of($"""<h3>Environment</h3><dl class="attributes mono">{Markup.Each(resource.Environment, Variable)}</dl>"""))}
            {Markup.Each(telemetry, t => Markup.Of($"<h3>Telemetry</h3><p>{t.SpanCount:#,0} spans, {t.LogCount:#,0} log records, {t.MetricCount:#,0} metric points</p>{Display.Attributes(t.Attributes)}"))}
            """);
    }

    private static Markup Variable(ResourceVariable variable) => Markup.Of(
        $"""<dt>{variable.Name}</dt><dd>{variable.Value}{(variable.IsMasked ? Markup.Of($""" <span class="faint">(secret)</span>""") : Markup.Empty)}</dd>""");
}
