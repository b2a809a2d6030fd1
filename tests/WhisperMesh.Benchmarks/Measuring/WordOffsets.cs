using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Testing;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Measuring;

/// <summary>Offsets, in milliseconds, of the words found from where they are: above 0 for too late.</summary>
internal sealed class WordOffsets
{
    private const double Near = 150;

    private readonly Edge _starts = new();
    private readonly Edge _ends = new();

    public static WordOffsets Join(IEnumerable<WordOffsets> parts)
    {
        var all = new WordOffsets();
        foreach (var part in parts)
        {
            all._starts.Add(part._starts);
            all._ends.Add(part._ends);
        }
        return all;
    }

    /// <summary>Takes the first and last word of each recording, where they were heard right.</summary>
    public void Add(IReadOnlyList<SplicedClip> parts, IReadOnlyList<TranscriptWord> found)
    {
        // A word of the engine may hold several as we count them: "don't".
        (string Text, TranscriptWord Word)[] heard =
            [.. found.SelectMany(word => WordErrorRate.Words(word.Text).Select(text => (text, word)))];
        string[][] spoken = [.. parts.Select(part => WordErrorRate.Words(part.Clip.Text))];
        var matches = WordAlignment.Match([.. spoken.SelectMany(words => words)], [.. heard.Select(word => word.Text)]);
        var first = 0;
        foreach (var (part, words) in parts.Zip(spoken))
        {
            var (start, end) = (matches[first], matches[first + words.Length - 1]);
            _starts.Add(start < 0 ? null : heard[start].Word.Start - part.VoiceStart);
            _ends.Add(end < 0 ? null : heard[end].Word.Start + heard[end].Word.Duration - part.VoiceEnd);
            first += words.Length;
        }
    }

    public void AddTo(ResultTable table, string joined, string language)
    {
        _starts.AddTo(table, joined, language, "start");
        _ends.AddTo(table, joined, language, "end");
    }

    private sealed class Edge
    {
        private readonly List<double> _milliseconds = [];
        private int _missed;

        public void Add(TimeSpan? offset)
        {
            if (offset is { } known)
            {
                _milliseconds.Add(known.TotalMilliseconds);
            }
            else
            {
                _missed++;
            }
        }

        public void Add(Edge other)
        {
            _milliseconds.AddRange(other._milliseconds);
            _missed += other._missed;
        }

        public void AddTo(ResultTable table, string joined, string language, string edge)
        {
            if (_milliseconds.Count == 0)
            {
                table.Add(joined, language, edge, 0, _missed, null, null, null, null);
                return;
            }
            double[] errors = [.. _milliseconds.Select(Math.Abs)];
            table.Add(
                joined, language, edge, errors.Length, _missed, errors.Average(), Statistics.Percentile(errors, 0.95),
                100.0 * errors.Count(error => error <= Near) / errors.Length, Statistics.Median(_milliseconds));
        }
    }
}
