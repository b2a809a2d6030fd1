using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WhisperMesh.BrowserTests.Running;
using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.BrowserTests.Dashboard;

/// <summary>The AppHost as a newcomer starts it, past its self-test, and a browser that has followed the address that it printed.</summary>
public sealed partial class DashboardHost : IAsyncLifetime
{
    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(3);
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("WHISPERMESH_SCREENSHOTS");

    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly ConcurrentBag<IPage> _pages = [];
    private ServiceProcess? _appHost;
    private Browser? _browser;

    internal Uri Login { get; private set; } = null!;

    internal Uri Router { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _appHost = ServiceProcess.Start(
            "apphost",
            Repository.Program("WhisperMesh.AppHost"),
            environment: null,
            "--http-port", "0", "--grpc-port", "0", "--dashboard-port", "0", "--otlp-port", "0", "--otlp-http-port", "0");
        await Eventually.HoldsAsync(
            () => _appHost.HasExited
                ? throw new InvalidOperationException(_appHost.Log)
                : _appHost.Log.Contains("Ctrl+C stops everything", StringComparison.Ordinal),
            StartBound,
            () => _appHost.Log);
        Login = new Uri(LoginLine().Match(_appHost.Log).Groups[1].Value);
        Router = new Uri(RouterLine().Match(_appHost.Log).Groups[1].Value);
        _browser = await Browser.StartAsync();
    }

    /// <summary>A page of its own profile, logged in, at a path of the dashboard.</summary>
    internal async Task<IPage> OpenAsync(string path, Action<BrowserNewContextOptions>? configure = null)
    {
        var page = await _browser!.NewPageAsync(new Uri(Login, "/"), configure);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{path}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue($"{path}: {error}");
        _pages.Add(page);
        await page.GotoAsync(Login.ToString());
        if (path != "/")
        {
            await page.GotoAsync(path);
        }

        return page;
    }

    /// <summary>Fails when a page has logged an error, such as one of the content policy.</summary>
    internal void ShouldHaveNoComplaints() => _complaints.ShouldBeEmpty();

    /// <summary>Ends what a test opened, and forgets what its pages complained of.</summary>
    internal async Task CloseAsync()
    {
        while (_pages.TryTake(out var page))
        {
            await page.Context.CloseAsync();
        }

        _complaints.Clear();
    }

    internal static async Task ShootAsync(IPage page, string name)
    {
        if (Screenshots is not null)
        {
            Directory.CreateDirectory(Screenshots);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"dashboard-{name}.png"), FullPage = true });
        }
    }

    /// <summary>Has the mesh hear a recording, which makes a trace.</summary>
    internal async Task TranscribeAsync()
    {
        using var http = new HttpClient { BaseAddress = Router, Timeout = TimeSpan.FromMinutes(1) };
        using var form = new MultipartFormDataContent
        {
            { new StringContent("whisper-1"), "model" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(Recordings.English[0].Path, TestContext.Current.CancellationToken)), "file", "one.wav" },
        };
        // From the cache it would not reach a worker.
        http.DefaultRequestHeaders.CacheControl = new CacheControlHeaderValue { NoStore = true };
        using var response = await http.PostAsync("/v1/audio/transcriptions", form, TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_appHost is not null)
        {
            await _appHost.DisposeAsync();
        }
    }

    [GeneratedRegex(@"The dashboard is at (\S+/login\?t=[0-9a-f]{32})\.")]
    private static partial Regex LoginLine();

    [GeneratedRegex(@"HTTP API\s+(\S+)")]
    private static partial Regex RouterLine();
}
