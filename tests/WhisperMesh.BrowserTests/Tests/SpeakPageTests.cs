using Microsoft.Playwright;
using WhisperMesh.BrowserTests.Running;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.BrowserTests.Tests;

public sealed class SpeakPageTests(BrowserMesh mesh) : PageTest(mesh)
{
    private const string Said = "The garden is open until six in the evening.";

    [Fact]
    public async Task Speak_TypedText_IsHeardAndSavedAsChosen()
    {
        await OpenAsync("speak");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Text", Exact = true }).FillAsync(Said);
        await Assertions.Expect(Page.GetByLabel("Voice").Locator("option")).Not.ToHaveCountAsync(1);
        await Page.GetByLabel("Voice").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Page.Locator("#speak-speed").FillAsync("1.2");
        await Assertions.Expect(Page.Locator("#speak-speed-shown")).ToHaveTextAsync("1.2×");
        await Button("Speak").ClickAsync();
        await Page.GetByText("seconds of speech").WaitForAsync();
        await ShootAsync("speak");

        var audio = Page.Locator("#speak-audio");
        (await audio.EvaluateAsync<double>("audio => audio.duration")).ShouldBeInRange(1, 6);
        (await Mesh.TextOfAsync(await SaveAsync("wav"), "speech.wav")).ShouldSatisfyAllConditions(
            text => WordErrorRate.Errors(Said, text).ShouldBeLessThanOrEqualTo(1, text));
        (await SaveAsync("flac")).AsSpan(0, 4).SequenceEqual("fLaC"u8).ShouldBeTrue();
        ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Speak_Stopped_IsQuietAtOnceAndCanSpeakAgain()
    {
        await OpenAsync("speak");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Text", Exact = true }).FillAsync(string.Join(' ', Enumerable.Repeat(Said, 40)));
        await Button("Speak").ClickAsync();
        await Page.Locator("#speak-stop").ClickAsync();

        await Page.GetByText("Stopped.").WaitForAsync();
        await Assertions.Expect(Button("Speak")).ToBeEnabledAsync();
        ShouldHaveNoComplaints();
    }

    private async Task<byte[]> SaveAsync(string format)
    {
        await Page.GetByLabel("Save as").SelectOptionAsync(format);
        var download = await Page.RunAndWaitForDownloadAsync(() => Button("Save").ClickAsync());
        download.SuggestedFilename.ShouldBe($"speech.{format}");
        using var bytes = new MemoryStream();
        await (await download.CreateReadStreamAsync()).CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }
}
