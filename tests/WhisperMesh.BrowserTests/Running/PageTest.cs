using System.Collections.Concurrent;
using Microsoft.Playwright;
using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.BrowserTests.Running;

/// <summary>A browser and a page of the console. What a page complains of is kept, for the test to hold against it.</summary>
public abstract class PageTest(BrowserMesh mesh) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _complaints = [];
    private Browser? _browser;

    internal Browser Browser => _browser!;

    internal IPage Page { get; private set; } = null!;

    internal BrowserMesh Console => mesh;

    internal Mesh Mesh => mesh.Mesh;

    /// <summary>What the microphone hears, as a WAV; null: silence.</summary>
    internal virtual byte[]? Microphone => null;

    /// <summary>Where screenshots are kept; none are taken unless the environment names a folder, so that tests leave nothing behind.</summary>
    private static string? Screenshots { get; } = Environment.GetEnvironmentVariable("WHISPERMESH_SCREENSHOTS");

    public virtual async ValueTask InitializeAsync()
    {
        _browser = Microphone is { } microphone ? await Browser.StartAsync(microphone) : mesh.Browser.ForTest();
        Page = Watched(await _browser.NewPageAsync(mesh.Address));
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Fails when a page has logged an error, such as one of the content policy, that the test does not expect.</summary>
    internal void ShouldHaveNoComplaints(params string[] expected) =>
        _complaints.Where(text => !expected.Any(text.Contains)).ShouldBeEmpty();

    /// <param name="page">Its name in the address; empty: the first.</param>
    /// <param name="on">Another page of the browser than the test's own.</param>
    internal async Task OpenAsync(string page, IPage? on = null)
    {
        on ??= Page;
        await on.GotoAsync($"/#/{page}");
        await on.Locator("h1:visible").WaitForAsync();
    }

    internal async Task ShootAsync(string name, IPage? page = null)
    {
        if (Screenshots is not null)
        {
            Directory.CreateDirectory(Screenshots);
            await (page ?? Page).ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}.png"), FullPage = true });
        }
    }

    internal ILocator Button(string name, IPage? page = null) =>
        (page ?? Page).GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    internal IPage Watched(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
        return page;
    }
}
