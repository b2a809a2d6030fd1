using System.Text.Json;
using WhisperMesh.BrowserTests.Running;

namespace WhisperMesh.BrowserTests.Tests;

/// <summary>Modules of the console by themselves, in the browser that runs them.</summary>
public sealed class ModuleTests(BrowserMesh mesh) : PageTest(mesh)
{
    [Fact]
    public async Task Tail_AnyPiecesAndPositions_GivesBackJustTheBytesFromThere()
    {
        var wrong = await RunAsync(
            """
            const { Tail } = await import("./console/live/tail.js");
            let seed = 7;
            const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
            const wrong = [];
            for (let run = 0; run < 200; run++) {
              const limit = 50 + random(200);
              const tail = new Tail(limit);
              const all = [];
              for (let step = 0; step < 40; step++) {
                const piece = Uint8Array.from({ length: 2 * (1 + random(10)) }, () => random(256));
                all.push(...piece);
                tail.add(piece.buffer);
                if (random(4) === 0) tail.forget(random(all.length + 1));
                const from = tail.begin + random(tail.end - tail.begin + 1);
                const pieces = tail.from(from);
                const got = pieces.flatMap(({ bytes }) => [...new Uint8Array(bytes)]);
                if (JSON.stringify(got) !== JSON.stringify(all.slice(from)) || (pieces.length > 0 && pieces[0].at !== from)) wrong.push([run, step]);
                if (tail.end !== all.length || tail.end - tail.begin > limit) wrong.push(["bound", run, step]);
              }
            }
            return wrong;
            """);

        wrong.GetArrayLength().ShouldBe(0, wrong.ToString());
    }

    [Fact]
    public async Task Align_CorrectedText_KeepsTimesOfWordsThatStayAndSharesTheRest()
    {
        var words = await RunAsync(
            """
            const { align } = await import("./console/formats/align.js");
            const heard = [["the", 0, 1], ["trane", 1, 2], ["leaves", 2, 3], ["soon", 3, 4]].map(([text, start, end]) => ({ text, start, end }));
            return align(heard, "The train now leaves, very soon", { start: 0, end: 4 }).map((word) => [word.text, word.start, word.end]);
            """);

        words.ToString().ShouldBe("""[["The",0,1],["train",1,1.5],["now",1.5,2],["leaves,",2,3],["very",3,3],["soon",3,4]]""");
    }

    [Fact]
    public async Task Write_TextThatLooksLikeMarkup_BreaksNoFormat()
    {
        var files = await RunAsync(
            """
            const { write } = await import("./console/formats/transcript.js");
            const cues = [{ start: 0.0004, end: 3661.5, text: " a --> b\n<i>&c " }, { start: 4, end: 5, text: "  " }];
            return ["txt", "srt", "vtt", "json"].map((format) => write(format, cues, { language: "en" }));
            """);

        files[0].GetString().ShouldBe("a --> b <i>&c\n");
        files[1].GetString().ShouldBe("1\n00:00:00,000 --> 01:01:01,500\na -> b <i>&c\n\n");
        files[2].GetString().ShouldBe("WEBVTT\n\n00:00:00.000 --> 01:01:01.500\na --&gt; b &lt;i&gt;&amp;c\n\n");
        JsonDocument.Parse(files[3].GetString()!).RootElement.GetProperty("segments").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Transcript_UpdatesThenFinal_HasEachWordOnceAndWhatItTakesToGoOn()
    {
        var told = await RunAsync(
            """
            const { Transcript } = await import("./console/live/transcript.js");
            const transcript = new Transcript();
            const word = (text, at) => ({ text, startOffset: `${at}s`, wordDuration: "0.5s" });
            transcript.take({ update: { words: [word(" Good", 1), word(" day.", 1.5)], languageCode: "en" } });
            const open = [transcript.cues().map((cue) => cue.text), transcript.words.length, transcript.checkpoint];
            transcript.take({ final: { segment: { text: "Good day. All.", words: [word(" Good", 1), word(" day.", 1.5), word(" All.", 2)] }, checkpoint: { position: "64000" } } });
            transcript.take({ final: { segment: {}, checkpoint: { position: "70000" } } });
            return [open, transcript.cues().map((cue) => [cue.text, cue.start, cue.end]), transcript.words.length, transcript.checkpoint];
            """);

        told.ToString().ShouldBe("""[[["Good day."],2,{}],[["Good day. All.",1,2.5]],0,{"position":"70000"}]""");
    }

    private async Task<JsonElement> RunAsync(string body)
    {
        await OpenAsync("");
        return JsonDocument.Parse(await Page.EvaluateAsync<string>($"async () => JSON.stringify(await (async () => {{ {body} }})())")).RootElement;
    }
}
