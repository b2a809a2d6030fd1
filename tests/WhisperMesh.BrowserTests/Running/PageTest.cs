using Microsoft.Playwright;
using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.BrowserTests.Running;

/// <summary>A browser and a page of the console. Whatever the page complains of fails the test.</summary>
public abstract class PageTest(BrowserMesh mesh) : IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private Browser? _browser;

    internal Browser Browser => _browser!;

    internal IPage Page { get; private set; } = null!;

    internal Mesh Mesh => mesh.Mesh;

    /// <summary>What the microphone hears, as a WAV.</summary>
    protected virtual byte[]? Microphone => null;

    /// <summary>Where screenshots of this run lie.</summary>
    private static string Screenshots { get; } = Directory.CreateDirectory(
        Path.Combine(Path.GetTempPath(), "whispermesh-screenshots")).FullName;

    public virtual async ValueTask InitializeAsync()
    {
        _browser = await Browser.StartAsync(Microphone);
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

    /// <summary>Fails at the end when the page has logged an error that the test does not expect.</summary>
    internal void ShouldHaveNoComplaints(params string[] expected) =>
        _complaints.Where(text => !expected.Any(text.Contains)).ShouldBeEmpty();

    internal async Task OpenAsync(string page)
    {
        await Page.GotoAsync($"/#/{page}");
        await Page.Locator("h1:visible").WaitForAsync();
    }

    internal async Task ShootAsync(string name, IPage? page = null)
    {
        await (page ?? Page).ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}.png"), FullPage = true });
    }

    internal IPage Watched(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        return page;
    }
}
