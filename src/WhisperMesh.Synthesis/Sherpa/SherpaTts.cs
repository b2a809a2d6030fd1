using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace WhisperMesh.Synthesis.Sherpa;

/// <summary>Takes samples as they are made; false stops the speech.</summary>
internal delegate bool SampleSink(ReadOnlySpan<float> samples);

/// <summary>
/// A Piper voice in sherpa-onnx. Safe for several threads at once: ONNX Runtime's sessions are, and sherpa-onnx takes
/// turns at eSpeak NG, which is not.
/// </summary>
internal sealed class SherpaTts : IDisposable
{
    private readonly SherpaTtsHandle _handle;

    private SherpaTts(SherpaTtsHandle handle)
    {
        _handle = handle;
        SampleRateHz = SherpaNative.OfflineTtsSampleRate(handle);
    }

    public int SampleRateHz { get; }

    /// <summary>Loads a voice. The files must have been checked: sherpa-onnx ends the process over some bad ones.</summary>
    /// <exception cref="InvalidOperationException">sherpa-onnx refused it; its reasons went to standard error.</exception>
    public static SherpaTts Load(PiperFiles files, int threads)
    {
        nint[] strings = [.. new[] { files.Model, files.Tokens, files.EspeakData, "cpu" }.Select(Marshal.StringToCoTaskMemUTF8)];
        try
        {
            var handle = SherpaNative.CreateOfflineTts(new SherpaTtsConfig
            {
                Vits = new SherpaVitsConfig { Model = strings[0], Tokens = strings[1], DataDir = strings[2], LengthScale = 1 },
                NumThreads = threads,
                Provider = strings[3],
                MaxNumSentences = 1,
                SilenceScale = 1,
            });
            return handle.IsInvalid
                ? throw new InvalidOperationException($"sherpa-onnx can't load the voice {files.Model}; it says why above.")
                : new SherpaTts(handle);
        }
        finally
        {
            Array.ForEach(strings, Marshal.FreeCoTaskMem);
        }
    }

    /// <summary>Speaks a text on this thread, handing each of its sentences to <paramref name="sink"/> as soon as it is made.</summary>
    /// <param name="text">What to say.</param>
    /// <param name="speed">1 is the voice's own; 2 takes half the time.</param>
    /// <param name="sink">Takes the samples, -1 to 1.</param>
    public unsafe void Speak(string text, float speed, SampleSink sink)
    {
        var call = new Call(sink);
        var pin = GCHandle.Alloc(call);
        try
        {
            // Silence scale 1: the pauses stay as the voice makes them.
            var config = new SherpaGenerationConfig { Speed = speed, SilenceScale = 1 };
            var audio = SherpaNative.OfflineTtsGenerateWithConfig(_handle, text, config, &OnSamples, GCHandle.ToIntPtr(pin));
            SherpaNative.DestroyOfflineTtsGeneratedAudio(audio);
        }
        finally
        {
            pin.Free();
        }

        call.Failure?.Throw();
    }

    public void Dispose() => _handle.Dispose();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int OnSamples(float* samples, int count, float progress, nint argument) =>
        ((Call)GCHandle.FromIntPtr(argument).Target!).Take(new ReadOnlySpan<float>(samples, count)) ? 1 : 0;

    private sealed class Call(SampleSink sink)
    {
        public ExceptionDispatchInfo? Failure { get; private set; }

        // No exception may cross the native frames: it waits here.
        public bool Take(ReadOnlySpan<float> samples)
        {
            try
            {
                return Failure is null && sink(samples);
            }
            catch (Exception exception)
            {
                Failure = ExceptionDispatchInfo.Capture(exception);
                return false;
            }
        }
    }
}
