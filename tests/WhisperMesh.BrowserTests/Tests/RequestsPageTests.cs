using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using WhisperMesh.BrowserTests.Running;
using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.BrowserTests.Tests;

public sealed class RequestsPageTests(BrowserMesh mesh) : PageTest(mesh)
{
    [Fact]
    public async Task Request_OfTheFilePage_IsShownWithItsTimeRouteAndScores()
    {
        await OpenAsync("file");
        await Page.GetByLabel("Audio or video file").SetInputFilesAsync(Recordings.Named("en-vm-intro.wav").Path);
        await Button("Transcribe").ClickAsync();
        await Page.GetByText("Done:").WaitForAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "How this request went" }).ClickAsync();

        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^Request .+"));
        await Assertions.Expect(Page.Locator(".facts .badge").First).ToHaveTextAsync("served");
        var router = Page.GetByRole(AriaRole.Figure, new() { Name = "At the router" });
        await Assertions.Expect(router.Locator("li").First).ToContainTextAsync("Coming in");
        await Assertions.Expect(Page.GetByRole(AriaRole.Figure, new() { Name = "In the worker" }).GetByText("Encoder")).ToBeVisibleAsync();
        await Assertions.Expect(Table("Tries at workers").Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(Table("Choice 1, for work").Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(Table("Scores by piece of text").Locator("tbody tr").First).ToContainTextAsync("ok");
        await ShootAsync("request");
        await ShouldBeAccessibleAsync();

        await Page.SetViewportSizeAsync(320, 640);
        (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await ShootAsync("request-narrow");
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await ShouldBeAccessibleAsync();
        ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Requests_Listed_AreFilteredAndLeadToTheirPages()
    {
        using var form = HttpApi.Form(await File.ReadAllBytesAsync(Recordings.English[0].Path, TestContext.Current.CancellationToken), "one.wav", ("model", "nonsense"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        request.Headers.Add("x-request-id", "listed-one");
        using var response = await Mesh.Http.SendAsync(request, TestContext.Current.CancellationToken);
        await OpenAsync("requests");
        await Page.GetByRole(AriaRole.Link, new() { Name = "listed-one" }).WaitForAsync();
        await ShootAsync("requests");
        await ShouldBeAccessibleAsync();

        await Page.Locator("#requests-filter").SelectOptionAsync("running");
        await Page.GetByText("None of that kind.").WaitForAsync();
        await Page.Locator("#requests-filter").SelectOptionAsync("failed");
        await Page.GetByRole(AriaRole.Link, new() { Name = "listed-one" }).ClickAsync();
        await Page.GetByText("MODEL_NOT_FOUND").WaitForAsync();

        await Page.GetByRole(AriaRole.Link, new() { Name = "All requests" }).ClickAsync();
        await Page.GetByLabel("Request id").FillAsync("nobody");
        await Button("Show this request").ClickAsync();
        (await Page.Locator("#page-requests").GetByRole(AriaRole.Alert).InnerTextAsync()).ShouldContain("There is no record of the request 'nobody'");
        ShouldHaveNoComplaints("404");
    }

    private ILocator Table(string name) => Page.GetByRole(AriaRole.Table, new() { Name = name, Exact = true });

    private async Task ShouldBeAccessibleAsync()
    {
        var found = await Page.RunAxe();
        found.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {violation.Help}").ShouldBeEmpty();
    }
}
