using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Formats;

/// <summary>Names the channel of a segment before its text; empty where channels are mixed.</summary>
internal static class ChannelLabel
{
    internal static string Of(TranscriptSegment segment) => segment.HasChannel ? $"[channel {segment.Channel}] " : "";
}
