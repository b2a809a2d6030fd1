using System.Text.Json;
using Microsoft.Playwright;
using WhisperMesh.BrowserTests.Running;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.BrowserTests.Tests;

public sealed class FilePageTests(BrowserMesh mesh) : PageTest(mesh)
{
    private static readonly Recording Intro = Recordings.Named("en-vm-intro.wav");

    [Fact]
    public async Task File_Chosen_SegmentsComeAreRightFollowTheSoundAndAreSavedCorrected()
    {
        await OpenAsync("file");
        await Page.GetByLabel("Audio or video file").SetInputFilesAsync(Intro.Path);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Transcribe" }).ClickAsync();
        await Page.GetByText("Done:").WaitForAsync();

        var text = string.Join(' ', await Page.Locator(".words").AllInnerTextsAsync());
        WordErrorRate.Errors(Intro.Text, text).ShouldBeLessThanOrEqualTo(WordErrorRate.Words(Intro.Text).Length / 10, text);

        // From the third word on, each is marked when the sound gets there.
        var spoken = new SpokenWords(Page);
        await spoken.WatchAsync();
        await Page.Locator(".word").Nth(2).ClickAsync();
        var marked = await spoken.UntilAsync(8);
        marked[0].ShouldBe(2);
        marked.ShouldBe(marked.Order());
        await ShootAsync("file");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Correct the segment" }).First.ClickAsync();
        var field = Page.Locator(".editing textarea");
        await field.FillAsync("Quite <b>another</b> text.");
        await field.PressAsync("Control+Enter");
        await Assertions.Expect(Page.Locator(".words").First).ToHaveTextAsync("Quite <b>another</b> text.");

        var json = JsonDocument.Parse(await SaveAsync("json")).RootElement;
        json.GetProperty("corrected").GetBoolean().ShouldBeTrue();
        var first = json.GetProperty("segments")[0];
        first.GetProperty("text").GetString().ShouldBe("Quite <b>another</b> text.");
        first.GetProperty("words").GetArrayLength().ShouldBe(3);
        (await SaveAsync("txt")).ShouldStartWith("Quite <b>another</b> text.\n");
        (await SaveAsync("srt")).ShouldContain(" --> ");
        var vtt = await SaveAsync("vtt");
        vtt.ShouldStartWith("WEBVTT\n\n");
        vtt.ShouldContain("Quite &lt;b&gt;another&lt;/b&gt; text.");
        ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Sample_Tried_TheMeshHearsWhatItSaid()
    {
        await OpenAsync("");
        await Page.GetByText("All is ready").WaitForAsync();
        await ShootAsync("start");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Try the sample" }).First.ClickAsync();
        await Page.GetByText("Done:").WaitForAsync();

        const string said = "Hello, and welcome. Every word of this was made by a voice on your own machines. "
            + "Now the mesh listens to it and writes down what it hears. "
            + "The train to the coast leaves at nine in the morning, from platform four.";
        var text = string.Join(' ', await Page.Locator(".words").AllInnerTextsAsync());
        WordErrorRate.Errors(said, text).ShouldBeLessThanOrEqualTo(5, text);
        await ShootAsync("sample");
        ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task File_Unreadable_SaysSoAndWhatToDo()
    {
        await OpenAsync("file");
        await Page.GetByLabel("Audio or video file").SetInputFilesAsync(new FilePayload
        {
            Name = "notes.wav",
            MimeType = "audio/wav",
            Buffer = "Not a recording at all."u8.ToArray(),
        });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Transcribe" }).ClickAsync();

        var alert = Page.GetByRole(AriaRole.Alert);
        await alert.WaitForAsync();
        (await alert.InnerTextAsync()).ShouldContain("recording");
        await ShootAsync("file-unreadable");
        ShouldHaveNoComplaints("400", "415");
    }

    private async Task<string> SaveAsync(string format)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() =>
            Page.GetByRole(AriaRole.Button, new() { Name = $"Save {format}" }).Locator("visible=true").ClickAsync());
        download.SuggestedFilename.ShouldBe($"en-vm-intro.{format}");
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        return await reader.ReadToEndAsync();
    }
}
