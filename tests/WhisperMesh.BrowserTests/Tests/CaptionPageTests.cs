using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using WhisperMesh.BrowserTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.BrowserTests.Tests;

/// <summary>The page on which an audience reads along, opened by the link that the speaker's page gives.</summary>
public sealed class CaptionPageTests(BrowserMesh mesh) : PageTest(mesh)
{
    private static readonly Talk Spoken = Talk.Of("en-vm-intro.wav");

    internal override byte[] Microphone => Spoken.Wav;

    [Fact]
    public async Task Viewer_OnAPhone_ReadsAlongUntilTheEnd()
    {
        await OpenAsync("live");
        await Page.GetByLabel("Language").First.FillAsync("en");
        await Page.Locator("#live-name").FillAsync("hall-1");
        await Button("Start").ClickAsync();
        await Assertions.Expect(Page.Locator("#live-viewer-link")).Not.ToBeEmptyAsync();
        var link = await Page.Locator("#live-viewer-link").GetAttributeAsync("href");
        var viewer = Watched(await Browser.NewPageAsync(Console.Address, options => options.ViewportSize = new ViewportSize { Width = 360, Height = 640 }));

        await viewer.GotoAsync(link!);
        await Assertions.Expect(viewer.Locator("#name")).ToHaveTextAsync("hall-1");
        await Assertions.Expect(viewer.Locator("#status")).ToHaveTextAsync("Live");
        await Assertions.Expect(viewer.Locator("#lines")).ToContainTextAsync("message");
        await ShootAsync("captions-phone", viewer);
        (await viewer.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(360);
        await ShouldGrowAsync(viewer);
        await viewer.GetByLabel("Colours").SelectOptionAsync("yellow");
        await ShootAsync("captions-yellow", viewer);
        (await viewer.RunAxe()).Violations.Where(found => found.Impact is "serious" or "critical").Select(found => found.Description).ShouldBeEmpty();

        await Assertions.Expect(viewer.Locator("#lines")).ToContainTextAsync("key");
        await Page.Locator("#live-stop").ClickAsync();
        await Assertions.Expect(viewer.Locator("#status")).ToHaveTextAsync("The captions have ended.");
        var lines = await viewer.Locator("#lines p").AllInnerTextsAsync();
        // The page breaks lines where its letters ask for it; no caption has more than two lines of 42.
        lines.ShouldAllBe(text => text.Length <= 85);
        var text = string.Join(' ', lines);
        WordErrorRate.Errors(Spoken.Text, text).ShouldBeLessThanOrEqualTo(WordErrorRate.Words(Spoken.Text).Length / 8, text);
        ShouldHaveNoComplaints();
    }

    private static async Task ShouldGrowAsync(IPage viewer)
    {
        const string Size = "parseFloat(getComputedStyle(document.querySelector('#lines p')).fontSize)";
        var before = await viewer.EvaluateAsync<double>(Size);
        await viewer.GetByRole(AriaRole.Button, new() { Name = "Larger text" }).ClickAsync();
        (await viewer.EvaluateAsync<double>(Size)).ShouldBeGreaterThan(before);
    }
}
