using Aspire.Hosting.ResourceService;

namespace Aspire.Dashboard.Pages;

/// <summary>What an instance writes; the script fills it line by line, for as long as it is open.</summary>
internal static class ConsolePage
{
    /// <summary>Returns null where there is no such instance.</summary>
    public static Page? Render(IReadOnlyList<ResourceMessage> resources, string id)
    {
        var chosen = id.Length > 0 ? id : resources.Select(r => r.Id).FirstOrDefault() ?? "";
        if (resources.Count > 0 && !resources.Any(r => r.Id == chosen))
        {
            return null;
        }

        var form = FilterForm.Render("/consolelogs", [
            FilterForm.Select("id", "Instance", resources.Select(r => (r.Id, r.Id)), chosen),
            Markup.Of($"""<input type="search" id="console-find" placeholder="Find in lines" aria-label="Find in lines">"""),
            Markup.Of($"""<button type="button" id="console-clear">Clear view</button>"""),
        ]);
        return new Page("Console logs", "/consolelogs", form, resources.Count == 0
            ? Markup.Of($"""<p class="empty">The AppHost has not told of its resources yet.</p>""")
            : Markup.Of($"""
                <ol id="console" class="console mono" role="log" aria-live="off" tabindex="0" aria-label="Console of {chosen}" data-stream="/consolelogs/{Uri.EscapeDataString(chosen)}/events"></ol>
                <p class="count" id="console-count">Waiting for lines.</p>
                <noscript><p class="notice">Lines need JavaScript.</p></noscript>
                """))
        {
            Refreshes = false,
        };
    }
}
