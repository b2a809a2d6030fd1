namespace WhisperMesh.Whisper;

/// <summary>What it took to recognise the speech of a request.</summary>
/// <param name="Windows">Windows of audio that the model heard.</param>
/// <param name="Steps">Decoder steps in which the request had a row.</param>
/// <param name="Rows">Rows of all these steps, those of other requests included.</param>
/// <param name="Tokens">Tokens chosen, those of texts that were not kept included.</param>
/// <param name="Fallbacks">Windows that were decoded again at a higher temperature, counted each time.</param>
public sealed record RecognitionWork(int Windows, long Steps, long Rows, long Tokens, int Fallbacks)
{
    /// <summary>Rows in a step on average.</summary>
    public double MeanRows => Steps == 0 ? 0 : (double)Rows / Steps;

    /// <summary>Of several channels of one request; a step that had rows of two counts twice.</summary>
    internal static RecognitionWork Sum(IReadOnlyCollection<RecognitionWork> all) => new(
        all.Sum(work => work.Windows), all.Sum(work => work.Steps), all.Sum(work => work.Rows), all.Sum(work => work.Tokens),
        all.Sum(work => work.Fallbacks));
}
