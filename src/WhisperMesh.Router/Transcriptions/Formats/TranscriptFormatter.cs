using System.Text;
using System.Text.Json;
using WhisperMesh.Router.Http;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>Writes a transcript in the format that was asked for.</summary>
internal static class TranscriptFormatter
{
    private const string JsonType = "application/json; charset=utf-8";
    private const string TextType = "text/plain; charset=utf-8";

    public static string ContentType(ResponseFormat format) => format switch
    {
        ResponseFormat.Json or ResponseFormat.VerboseJson => JsonType,
        ResponseFormat.Vtt => "text/vtt; charset=utf-8",
        _ => TextType,
    };

    public static byte[] Format(Transcript transcript, ResponseFormat format, TimestampGranularities granularities) => format switch
    {
        ResponseFormat.Json => JsonSerializer.SerializeToUtf8Bytes(
            TranscriptJson.Of(transcript), ApiJson.Readable.TranscriptJson),
        ResponseFormat.VerboseJson => JsonSerializer.SerializeToUtf8Bytes(
            VerboseTranscript.Of(transcript, granularities), ApiJson.Readable.VerboseTranscript),
        ResponseFormat.Srt => Encoding.UTF8.GetBytes(SubtitleWriter.Srt(transcript.Segments)),
        ResponseFormat.Vtt => Encoding.UTF8.GetBytes(SubtitleWriter.Vtt(transcript.Segments)),
        _ => Encoding.UTF8.GetBytes(transcript.Text + "\n"),
    };
}
