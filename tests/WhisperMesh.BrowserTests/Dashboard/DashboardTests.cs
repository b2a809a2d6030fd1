using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace WhisperMesh.BrowserTests.Dashboard;

/// <summary>The dashboard that comes with the AppHost, over a real mesh.</summary>
public sealed partial class DashboardTests(DashboardHost host) : IClassFixture<DashboardHost>, IAsyncDisposable
{
    private static readonly string[] Paths = ["/", "/consolelogs/router", "/structuredlogs", "/metrics?instrument=http.server.request.duration"];

    [Fact]
    public async Task Resources_Shown_HaveStateEndpointsAndMaskedSecrets()
    {
        var page = await host.OpenAsync("/");

        foreach (var name in (string[])["redis", "router", "synthesis", "transcription", "aspire-dashboard"])
        {
            await Assertions.Expect(Row(page, name).Locator(".state")).ToHaveTextAsync("Running");
        }

        (await Row(page, "router").Locator(".endpoint").AllInnerTextsAsync()).ShouldContain(host.Router.Authority);
        (await Row(page, "aspire-dashboard").GetByRole(AriaRole.Button).CountAsync()).ShouldBe(0);
        await Row(page, "router").Locator("summary").ClickAsync();
        var environment = await Row(page, "router").Locator("details").InnerTextAsync();
        environment.ShouldContain("Mesh__Secret");
        environment.ShouldContain("password=••••••");
        SecretLike().IsMatch(environment).ShouldBeFalse();
        await DashboardHost.ShootAsync(page, "resources");
        host.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Restart_Worker_ShowsInItsConsoleAtOnceAndServesAgain()
    {
        var console = await host.OpenAsync("/consolelogs/transcription");
        var started = console.Locator("#console > div", new() { HasText = "transcription started, process" });
        await Assertions.Expect(started).ToHaveCountAsync(1);
        var page = await host.OpenAsync("/");

        await page.GetByRole(AriaRole.Button, new() { Name = "Restart transcription" }).ClickAsync();

        await Assertions.Expect(started).ToHaveCountAsync(2);
        await Assertions.Expect(Row(page, "transcription").Locator("td").Nth(4)).ToHaveTextAsync("1");
        await Assertions.Expect(Row(page, "transcription").Locator(".state")).ToHaveTextAsync("Running");
        await DashboardHost.ShootAsync(console, "console");
        await DashboardHost.ShootAsync(page, "restarted");
        await host.TranscribeAsync();
        host.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Stop_Worker_StaysStoppedUntilStarted()
    {
        var page = await host.OpenAsync("/");

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop synthesis" }).ClickAsync();
        await Assertions.Expect(Row(page, "synthesis").Locator(".state")).ToHaveTextAsync("Stopped");
        await DashboardHost.ShootAsync(page, "stopped");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start synthesis" }).ClickAsync();

        await Assertions.Expect(Row(page, "synthesis").Locator(".state")).ToHaveTextAsync("Running");
        host.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Trace_OfATranscription_OpensAsAWaterfallOverBothServices()
    {
        var page = await host.OpenAsync("/traces?q=audio%2Ftranscriptions");
        await host.TranscribeAsync();

        // Live: the page was open before the request was made.
        var trace = page.Locator(".traces tbody tr").Filter(new() { HasText = "router" }).Filter(new() { HasText = "transcription" }).First;
        await trace.Locator("a").First.ClickAsync();
        var services = page.Locator(".waterfall .label b");
        await Assertions.Expect(services.Filter(new() { HasText = "transcription" }).First).ToBeVisibleAsync();
        (await services.AllInnerTextsAsync()).ShouldContain("router");
        var span = page.Locator(".span").First;
        await span.Locator("summary").ClickAsync();

        await Assertions.Expect(span.GetByText("http.route", new() { Exact = true })).ToBeVisibleAsync();
        (await page.Locator(".waterfall .bar rect").CountAsync()).ShouldBeGreaterThan(2);
        await DashboardHost.ShootAsync(page, "trace");
        host.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Metrics_OfRequests_AreAChartWithQuantiles()
    {
        await host.TranscribeAsync();
        var page = await host.OpenAsync("/metrics?resource=router");
        await page.GetByRole(AriaRole.Link, new() { Name = "http.server.request.duration" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = QuantilesOverTime() })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".facts")).ToContainTextAsync("p99");
        await page.GetByLabel("Time", new() { Exact = true }).SelectOptionAsync("1");
        await Assertions.Expect(page).ToHaveURLAsync(OneMinute());
        await Assertions.Expect(page.Locator(".charts figure")).ToHaveCountAsync(2);
        await DashboardHost.ShootAsync(page, "metrics");
        host.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Pause_Pressed_HoldsThePageAndResumeCatchesUp()
    {
        var page = await host.OpenAsync("/traces");
        await page.Locator(".traces tbody tr").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync(),
            response => response.Url.Contains("/clear/", StringComparison.Ordinal));
        (await page.Locator(".traces tbody tr").CountAsync()).ShouldBeGreaterThan(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();

        await page.GetByText("No traces match.").WaitForAsync();
        await host.TranscribeAsync();
        await page.Locator(".traces tbody tr").First.WaitForAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1200)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Pages_EitherThemeAndWidth_AreAccessibleAndFit(ColorScheme scheme, int width)
    {
        await host.TranscribeAsync();
        var page = await host.OpenAsync("/", options =>
        {
            options.ColorScheme = scheme;
            options.ViewportSize = new ViewportSize { Width = width, Height = 800 };
        });
        await page.GotoAsync("/traces");
        var trace = await page.Locator(".traces tbody tr a").First.GetAttributeAsync("href");
        foreach (var path in Paths.Append(trace!))
        {
            await page.GotoAsync(path);
            await DashboardHost.ShootAsync(page, $"{width}-{string.Concat(path.Split('?')[0].Where(char.IsLetter))}{(path.Contains('?', StringComparison.Ordinal) ? "-chart" : "")}");
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, path);
            var found = await page.RunAxe();
            found.Violations.Where(v => v.Impact is "serious" or "critical").Select(Describe).ShouldBeEmpty(path);
        }
    }

    public async ValueTask DisposeAsync() => await host.CloseAsync();

    private static ILocator Row(IPage page, string id) => page.Locator($"[id='managed-{id}']");

    private static string Describe(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help}\n{string.Join('\n', violation.Nodes.Select(node => node.Html))}";

    // A key of ours is 32 or 64 hexadecimal digits.
    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex SecretLike();

    [GeneratedRegex("^Quantiles over time")]
    private static partial Regex QuantilesOverTime();

    [GeneratedRegex("window=1")]
    private static partial Regex OneMinute();
}
