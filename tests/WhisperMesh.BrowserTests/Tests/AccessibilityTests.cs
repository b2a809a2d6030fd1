using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using WhisperMesh.BrowserTests.Running;

namespace WhisperMesh.BrowserTests.Tests;

public sealed class AccessibilityTests(BrowserMesh mesh) : PageTest(mesh)
{
    private static readonly string[] Pages = ["", "live", "file", "speak", "mesh", "requests"];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_EitherTheme_HaveNoSeriousViolations(ColorScheme scheme)
    {
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
        await FillPagesAsync();
        foreach (var page in Pages)
        {
            await OpenAsync(page);
            await ShootAsync($"axe-{page}-{scheme}");
            var found = await Page.RunAxe();
            found.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(Describe).ShouldBeEmpty($"page '{page}'");
        }
    }

    [Fact]
    public async Task Pages_NarrowAsAPhone_FitTheirWidth()
    {
        await Page.SetViewportSizeAsync(320, 640);
        await FillPagesAsync();
        foreach (var page in Pages)
        {
            await OpenAsync(page);
            (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320, $"page '{page}'");
            await ShootAsync($"narrow-{page}");
        }
    }

    [Fact]
    public async Task Theme_Chosen_OverridesTheSystemAndIsRemembered()
    {
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await OpenAsync("");
        var light = await GroundAsync();
        await Page.GetByLabel("Colours").SelectOptionAsync("dark");
        var dark = await GroundAsync();
        dark.ShouldNotBe(light);
        await Page.ReloadAsync();
        (await GroundAsync()).ShouldBe(dark);
    }

    [Fact]
    public async Task Keyboard_Alone_ReachesAPageAndTranscribesTheSample()
    {
        await OpenAsync("");
        await Page.GetByText("All is ready").WaitForAsync();

        await Page.Keyboard.PressAsync("Tab");
        (await FocusedAsync()).ShouldBe("Skip to the page");
        await Page.Keyboard.PressAsync("Enter");
        await Page.WaitForFunctionAsync("document.activeElement.id === 'main'");
        await Page.Keyboard.PressAsync("Tab");
        (await FocusedAsync()).ShouldBe("Try the sample");
        await Page.Keyboard.PressAsync("Enter");
        await Page.GetByText("Done:").WaitForAsync();
        (await FocusedAsync()).ShouldBe("Transcribe a file");

        // The heading has the focus; on from there to the first word, and to the one beside it.
        var word = Page.Locator(".word");
        for (var i = 0; i < 30 && !await IsFocusedAsync(word.First); i++)
        {
            await Page.Keyboard.PressAsync("Tab");
        }

        await Page.Keyboard.PressAsync("ArrowRight");
        (await IsFocusedAsync(word.Nth(1))).ShouldBeTrue();
        (await word.Nth(1).EvaluateAsync<string>("word => getComputedStyle(word).outlineStyle")).ShouldBe("solid");
        var spoken = new SpokenWords(Page);
        await spoken.WatchAsync();
        await Page.Keyboard.PressAsync("Enter");
        (await spoken.UntilAsync(1))[0].ShouldBe(1);

        await Page.Keyboard.PressAsync("Tab");
        (await FocusedAsync()).ShouldBe("Correct");
        await Page.Keyboard.PressAsync("Enter");
        await Page.Keyboard.TypeAsync("Typed. ");
        await Page.Keyboard.PressAsync("Control+Enter");
        (await FocusedAsync()).ShouldBe("Corrected");
        ShouldHaveNoComplaints();
    }

    /// <summary>Has something on each page, which is more than empty forms.</summary>
    private async Task FillPagesAsync()
    {
        await OpenAsync("file");
        await Button("Try the sample").Locator("visible=true").ClickAsync();
        await Page.GetByText("Done:").WaitForAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Correct the segment" }).First.ClickAsync();
        await OpenAsync("live");
        await Page.EvaluateAsync(
            """
            async () => {
              const { LiveView } = await import("./console/live/view.js");
              const view = new LiveView();
              view.take({ update: { words: [{ text: " Good", startOffset: "1s" }, { text: " morning.", startOffset: "1.4s" }], tentativeText: " How are" } });
              view.take({ status: { load: "LIVE_LOAD_BUSY" } });
            }
            """);
        await OpenAsync("mesh");
        await Page.GetByRole(AriaRole.Table).First.WaitForAsync();
    }

    private Task<string> GroundAsync() => Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private Task<string> FocusedAsync() => Page.EvaluateAsync<string>("document.activeElement.textContent.trim()");

    private static Task<bool> IsFocusedAsync(ILocator element) => element.EvaluateAsync<bool>("element => element === document.activeElement");

    private static string Describe(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help}\n{string.Join('\n', violation.Nodes.Select(node => node.Html))}";
}
