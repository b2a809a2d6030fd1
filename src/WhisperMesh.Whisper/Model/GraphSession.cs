using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Model;

/// <summary>Opens a graph with the engine's settings and holds it to the contract of names.</summary>
internal static class GraphSession
{
    public static InferenceSession Open(string path, int threads, IEnumerable<string> inputs, IEnumerable<string> outputs)
    {
        using var options = Options(threads);
        return Check(new InferenceSession(path, options), inputs, outputs);
    }

    /// <summary>Opens a graph that has been rewritten in memory.</summary>
    public static InferenceSession Open(
        byte[] graph, int threads, IEnumerable<string> inputs, IEnumerable<string> outputs, Action<SessionOptions> configure)
    {
        using var options = Options(threads);
        configure(options);
        return Check(new InferenceSession(graph, options), inputs, outputs);
    }

    private static SessionOptions Options(int threads)
    {
        OnnxTelemetry.TurnOff();
        var options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Each session has threads of its own, which wait for more by spinning: without this, those of the session that has just
        // run take the cores from the one that runs next. Measured: 78 times real time against 42.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return options;
    }

    private static InferenceSession Check(InferenceSession session, IEnumerable<string> inputs, IEnumerable<string> outputs)
    {
        var missing = inputs.Where(name => !session.InputMetadata.ContainsKey(name)).Select(name => $"input '{name}'")
            .Concat(outputs.Where(name => !session.OutputMetadata.ContainsKey(name)).Select(name => $"output '{name}'"))
            .ToList();
        if (missing.Count > 0)
        {
            session.Dispose();
            throw new InvalidDataException($"the graph lacks {string.Join(", ", missing)}");
        }
        return session;
    }

    /// <summary>For every layer <c>{first}.i</c>, then <c>{second}.i</c>.</summary>
    public static string[] LayerNames(int layers, string first, string second) =>
        [.. Enumerable.Range(0, layers).SelectMany(layer => new[] { $"{first}.{layer}", $"{second}.{layer}" })];
}
