using System.Globalization;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Output;

/// <summary>What an event says about the stream beside its text, in plain sentences.</summary>
internal static class LiveNotes
{
    internal static IEnumerable<string> Of(StreamLiveResponse message) => message.EventCase switch
    {
        StreamLiveResponse.EventOneofCase.Started => message.Started.Warnings.Select(warning => $"warning: {warning}"),
        StreamLiveResponse.EventOneofCase.Summary => message.Summary.Warnings.Select(warning => $"warning: {warning}"),
        StreamLiveResponse.EventOneofCase.Status => Of(message.Status),
        _ => [],
    };

    /// <summary>What the whole stream came to, in one line.</summary>
    internal static string Of(LiveSummary summary)
    {
        var audio = summary.AudioDuration?.ToTimeSpan() ?? TimeSpan.Zero;
        var speech = summary.SpeechDuration?.ToTimeSpan() ?? TimeSpan.Zero;
        var language = summary.LanguageCode.Length > 0 ? $", language {summary.LanguageCode}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{audio.TotalSeconds:0.0} s heard, {speech.TotalSeconds:0.0} s of it speech, in {summary.UtteranceCount} utterances{language}, by {summary.Model}.");
    }

    private static IEnumerable<string> Of(LiveStatus status)
    {
        if (status.Message.Length > 0)
        {
            yield return status.Message;
        }

        if (status.LostAudio?.ToTimeSpan() is { Ticks: > 0 } lost)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"warning: {lost.TotalSeconds:0.0} s of audio are lost to the text.");
        }
    }
}
