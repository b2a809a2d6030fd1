using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Transcribe;

/// <summary>A bar in audio time on standard error while a transcription runs; nothing when that is no terminal.</summary>
internal static class TranscriptionProgressBar
{
    internal static async Task<T> RunAsync<T>(
        CliHost host,
        string name,
        TimeSpan? length,
        Func<Action<TranscriptionProgress>?, Task<T>> work)
    {
        if (!host.ShowsProgress)
        {
            return await work(null);
        }

        return await CliHost.CreateConsole(host.Error).Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new AudioTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(name), maxValue: Math.Max(length?.TotalSeconds ?? 1, 0.001));
                bar.IsIndeterminate = length is null;
                return await work(progress => Update(bar, length, progress));
            });
    }

    private static void Update(ProgressTask bar, TimeSpan? length, TranscriptionProgress progress)
    {
        var received = progress.AudioReceived?.ToTimeSpan() ?? TimeSpan.Zero;
        bar.MaxValue = Math.Max(Math.Max(length?.TotalSeconds ?? 0, received.TotalSeconds), 0.001);
        bar.Value = progress.AudioProcessed?.ToTimeSpan().TotalSeconds ?? 0;
        bar.IsIndeterminate = false;
    }

    private sealed class AudioTimeColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.IsIndeterminate ? "sending" : $"{Clock(task.Value)} / {Clock(task.MaxValue)}");

        private static string Clock(double seconds) =>
            TimeSpan.FromSeconds(seconds).ToString(seconds < 3600 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
    }
}
