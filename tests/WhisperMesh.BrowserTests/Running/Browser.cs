using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace WhisperMesh.BrowserTests.Running;

/// <summary>A Chromium that hears a recording where it asks for a microphone.</summary>
internal sealed class Browser : IAsyncDisposable
{
    // Long, since a busy machine is not what these tests are about; only a failure waits so long.
    private const float PatienceMs = 60_000;

    private readonly IBrowser _browser;
    private readonly Func<ValueTask> _endAsync;
    private readonly ConcurrentBag<IBrowserContext> _contexts = [];

    private Browser(IBrowser browser, Func<ValueTask> endAsync) => (_browser, _endAsync) = (browser, endAsync);

    /// <summary>Starts it.</summary>
    /// <param name="microphone">A WAV that the microphone hears, once; without it there is silence.</param>
    internal static async Task<Browser> StartAsync(byte[]? microphone = null)
    {
        var folder = Directory.CreateTempSubdirectory("whispermesh-browser-").FullName;
        List<string> arguments =
        [
            // The tests may run as root, and in containers with little shared memory.
            "--no-sandbox", "--disable-dev-shm-usage",
            "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required",
        ];
        if (microphone is not null)
        {
            var path = Path.Combine(folder, "microphone.wav");
            await File.WriteAllBytesAsync(path, microphone);
            arguments.Add($"--use-file-for-fake-audio-capture={path}%noloop");
        }

        Assertions.SetDefaultExpectTimeout(PatienceMs);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = FindChromium(), Args = arguments });
        return new Browser(browser, async () =>
        {
            await browser.DisposeAsync();
            playwright.Dispose();
            Directory.Delete(folder, recursive: true);
        });
    }

    /// <summary>The same process for one test: disposed, it closes that test's pages.</summary>
    internal Browser ForTest() => new(_browser, () => ValueTask.CompletedTask);

    /// <summary>A page of its own profile: nothing is remembered from another.</summary>
    internal async Task<IPage> NewPageAsync(Uri router, Action<BrowserNewContextOptions>? configure = null)
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = router.ToString(),
            Permissions = ["microphone", "clipboard-read", "clipboard-write"],
            ViewportSize = new ViewportSize { Width = 1100, Height = 800 },
            AcceptDownloads = true,
        };
        configure?.Invoke(options);
        var context = await _browser.NewContextAsync(options);
        _contexts.Add(context);
        context.SetDefaultTimeout(PatienceMs);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            await context.CloseAsync();
        }

        await _endAsync();
    }

    private static string FindChromium() =>
        new[] { "chromium", "chromium-browser", "google-chrome" }
            .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("These tests need Chromium on the PATH.");
}
