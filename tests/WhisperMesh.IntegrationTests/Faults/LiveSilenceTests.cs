using System.Diagnostics;
using WhisperMesh.Client;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>A stream on which nobody speaks.</summary>
public sealed class LiveSilenceTests
{
    private const int Minutes = 30;
    private const int BytesPerMinute = 60 * 32_000;

    /// <summary>Half an hour of silence gives no text and costs the mesh almost nothing.</summary>
    [Fact]
    public async Task HalfAnHourOfSilence_NoTextAndLittleWork()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 1);
        var options = new LiveOptions { AudioFormat = LiveHeard.Format, Language = "en" };
        await LiveHeard.HearAsync(mesh.Client, new byte[BytesPerMinute], options, pace: 0);
        Process[] processes = [Process.GetProcessById(mesh.Router.Process.Id), Process.GetProcessById(mesh.Transcription[0].Process.Id)];
        var before = Array.ConvertAll(processes, process => process.TotalProcessorTime);
        var audio = new byte[Minutes * BytesPerMinute];

        var heard = await LiveHeard.HearAsync(mesh.Client, audio, options, pace: 0);

        heard.ShouldBeWhole(audio);
        heard.Events.ShouldAllBe(e => e.Update == null && e.Final == null && e.SpeechStarted == null);
        heard.Summary.PassCount.ShouldBe(0);
        foreach (var (process, then) in processes.Zip(before))
        {
            process.Refresh();
            var work = process.TotalProcessorTime - then;
            TestContext.Current.TestOutputHelper?.WriteLine(
                FormattableString.Invariant($"{process.ProcessName}: {work.TotalSeconds:F2} s of a core for {Minutes} min of silence."));
            work.ShouldBeLessThan(TimeSpan.FromMinutes(Minutes) * 0.05);
        }
    }
}
