namespace WhisperMesh.Whisper.Decoding;

/// <summary>Writes what the decoder is told before the text: the caller's prompt, the language, the task.</summary>
internal sealed class PromptBuilder(WhisperModel model, TranscriptionRequest request)
{
    private readonly int[] _previous = Previous(model, request.Prompt);

    /// <summary>The token of the task.</summary>
    public int Mode { get; } = request.Translate ? model.Control.Translate : model.Control.Transcribe;

    public (IReadOnlyList<int> Tokens, int StartOfTranscript) Build(string language)
    {
        var control = model.Control;
        return ([.. _previous, control.StartOfTranscript, control.Languages[language], Mode], _previous.Length);
    }

    private static int[] Previous(WhisperModel model, string? prompt)
    {
        if (string.IsNullOrWhiteSpace(prompt))
        {
            return [];
        }
        // With its mark the prompt may fill half of the positions; the end of it is what the speech follows on.
        var room = model.Decoder.Dimensions.TextPositions / 2 - 1;
        return [model.Control.StartOfPrevious, .. model.Tokenizer.Encode(" " + prompt.Trim()).TakeLast(room)];
    }
}
