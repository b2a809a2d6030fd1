namespace WhisperMesh.Whisper.Model;

/// <summary>Tells how much of a model is loaded, by the bytes of the files that are done.</summary>
internal sealed class LoadProgress(string folder, IProgress<double>? progress)
{
    private static readonly string[] FileNames = ["tokenizer.json", "encoder.onnx", "decoder.onnx"];
    private readonly long _total = Math.Max(1, FileNames.Sum(name => Size(folder, name)));
    private long _done;

    public void Done(string name)
    {
        _done += Size(folder, name);
        progress?.Report((double)_done / _total);
    }

    private static long Size(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        return file.Exists ? file.Length : 0;
    }
}
