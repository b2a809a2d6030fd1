using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Captions;

/// <summary>Files over HTTP, live and afterwards.</summary>
public sealed class CaptionFilesTests
{
    [Fact]
    public async Task Get_LiveAndAfterwards_GivesWhatThereIs()
    {
        await using var router = await RouterHost.StartAsync();
        var script = router.Publish("demo").Say("This is the first sentence.").EndUtterance().Silence(9);
        await router.UntilAsync("demo", log => log.Settled > TimeSpan.FromSeconds(9));

        (await router.GetAsync("/v1/captions/demo/captions.txt")).ShouldBe("This is the first sentence.\n");
        (await router.GetAsync("/v1/captions/demo/captions.vtt")).ShouldBe(
            "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\nThis is the first sentence.\n\n");
        var playlist = await router.GetAsync("/v1/captions/demo/live.m3u8");
        playlist.ShouldNotContain("ENDLIST");
        var segment = playlist.Split('\n').Single(line => line.StartsWith("seg-0", StringComparison.Ordinal));
        (await router.GetAsync("/v1/captions/demo/" + segment)).ShouldContain("This is the first sentence.");

        script.Say("And the second.").End();
        await router.UntilAsync("demo", log => log.HasEnded);

        (await router.GetAsync("/v1/captions/demo/captions.txt")).ShouldBe("This is the first sentence.\nAnd the second.\n");
        (await router.GetAsync("/v1/captions/demo/captions.srt")).ShouldContain("2\n00:00:11,000 --> 00:00:12,200\nAnd the second.\n");
        (await router.GetAsync("/v1/captions/demo/live.m3u8")).ShouldEndWith("#EXT-X-ENDLIST\n");
        var json = JsonDocument.Parse(await router.GetAsync("/v1/captions/demo/captions.json")).RootElement;
        json.GetProperty("state").GetString().ShouldBe("ended");
        json.GetProperty("captions")[1].GetProperty("lines")[0].GetString().ShouldBe("And the second.");
        JsonDocument.Parse(await router.GetAsync("/v1/captions/demo")).RootElement.GetProperty("language").GetString().ShouldBe("en");
        (await router.GetAsync("/v1/captions/demo/link")).ShouldContain("\"page\":\"/captions/demo\"");
    }
}
