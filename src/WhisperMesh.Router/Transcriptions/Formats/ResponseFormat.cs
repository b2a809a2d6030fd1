namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>Values of <c>response_format</c>.</summary>
internal enum ResponseFormat
{
    Json,
    Text,
    Srt,
    VerboseJson,
    Vtt,
}
