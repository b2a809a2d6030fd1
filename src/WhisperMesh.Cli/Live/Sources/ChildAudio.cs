using System.Collections.Concurrent;
using System.Diagnostics;

namespace WhisperMesh.Cli.Live.Sources;

/// <summary>A program that writes samples to its standard output. Disposing it ends the program.</summary>
internal sealed class ChildAudio : IOpenedAudio
{
    // Ctrl+C reaches the program too, and it may be gone before we know of it ourselves.
    private static readonly TimeSpan FinishBound = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ExitBound = TimeSpan.FromSeconds(5);
    private const int LinesKept = 5;
    private const int FirstBytes = 640;

    private readonly ConcurrentQueue<string> _errors = new();
    private readonly string _name;
    private readonly Process _process;
    private readonly Stream _output;
    private ReadOnlyMemory<byte> _first;

    private ChildAudio(string name, Process process)
    {
        (_name, _process) = (name, process);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        _output = process.StandardOutput.BaseStream;
    }

    /// <param name="name">What the user calls it.</param>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets beside ours.</param>
    /// <exception cref="IOException">It can't be started.</exception>
    internal static ChildAudio Start(
        string name, string path, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var info = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment ?? [])
        {
            info.Environment[variable] = value;
        }

        try
        {
            return new ChildAudio(name, Process.Start(info) ?? throw new IOException($"{name} could not be started."));
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new IOException($"{name} could not be started: {exception.Message}", exception);
        }
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_first.IsEmpty)
        {
            return _output.ReadAsync(buffer, cancellationToken);
        }

        var count = Math.Min(_first.Length, buffer.Length);
        _first[..count].CopyTo(buffer);
        _first = _first[count..];
        return ValueTask.FromResult(count);
    }

    /// <summary>Waits for the first bytes, which are kept to be read.</summary>
    /// <exception cref="IOException">It ended without any.</exception>
    internal async Task WaitForSoundAsync(CancellationToken cancellationToken)
    {
        var first = new byte[FirstBytes];
        var count = await _output.ReadAsync(first, cancellationToken).AsTask().WaitAsync(cancellationToken);
        if (count == 0)
        {
            await CheckAsync(CancellationToken.None);
            throw new IOException($"{_name} gave no sound.");
        }

        _first = first.AsMemory(0, count);
    }

    public async Task CheckAsync(CancellationToken finish)
    {
        if (finish.IsCancellationRequested)
        {
            return;
        }

        using var bound = new CancellationTokenSource(ExitBound);
        await _process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited || _process.ExitCode == 0)
        {
            return;
        }

        await Task.Delay(FinishBound, finish).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!finish.IsCancellationRequested)
        {
            throw new IOException(Failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        using var bound = new CancellationTokenSource(ExitBound);
        await _process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    private string Failure => _errors.IsEmpty
        ? $"{_name} failed with exit code {_process.ExitCode}."
        : $"{_name} failed: {string.Join(' ', _errors)}";

    private void Keep(string? line)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            _errors.Enqueue(line.Trim());
            while (_errors.Count > LinesKept)
            {
                _errors.TryDequeue(out _);
            }
        }
    }
}
