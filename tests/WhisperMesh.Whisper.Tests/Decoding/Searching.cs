using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

/// <summary>Runs a search over the small vocabulary without a model.</summary>
internal static class Searching
{
    /// <summary>Each row of each step gets logits of its own.</summary>
    public static DecodedText Run(DecodingTask task, Random random) => Run(task, _ => SmallVocabulary.RandomLogits(random));

    /// <summary>Logits depend on the text before, as a model's do.</summary>
    public static DecodedText Run(DecodingTask task, Func<IReadOnlyList<int>, float[]> model, List<int>? rows = null)
    {
        var search = DecodingSearches.Create(task, SmallVocabulary.Control);
        var texts = new List<List<int>> { new() };
        var next = new List<RowStep>();
        do
        {
            rows?.Add(texts.Count);
            float[] logits = [.. texts.SelectMany(model)];
            next.Clear();
            search.Advance(new LogitRows(logits, SmallVocabulary.Size), next);
            texts = [.. next.Select(step => (List<int>)[.. texts[step.Parent], step.Token])];
        }
        while (next.Count > 0);
        return search.Result;
    }
}
