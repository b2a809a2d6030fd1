using System.Buffers;

namespace WhisperMesh.Audio;

/// <summary>
/// Changes the sample rate of one channel: a windowed-sinc polyphase filter, flat within 0.1 dB to 0.9 of the lower Nyquist rate,
/// with aliases and images under -80 dB and no delay. Streaming: any split of the input gives the same samples. Not thread-safe.
/// </summary>
public sealed class Resampler
{
    private readonly int _inputStep;
    private readonly int _outputStep;
    private readonly Resampling.PhaseBank? _bank;

    // Input from _windowStart on; the first window begins with silence before the first sample.
    private float[] _buffer = [];
    private int _count;
    private long _inputCount;
    private long _outputCount;

    // Where the next output sample lies: _position whole input samples into the buffer's windows, and _place / _outputStep more.
    private int _position;
    private int _place;

    public Resampler(int inputRateHz, int outputRateHz)
        : this(Layout(inputRateHz, outputRateHz))
    {
    }

    private Resampler((int InputStep, int OutputStep, Resampling.PhaseBank? Bank) layout)
    {
        (_inputStep, _outputStep, _bank) = layout;
        if (_bank is not null)
        {
            _count = Reach;
            _buffer = new float[_bank.Taps];
        }
    }

    /// <summary>A resampler at its start, for another channel. It shares the filter, which takes milliseconds to lay out.</summary>
    internal Resampler ForAnotherChannel() => new((_inputStep, _outputStep, _bank));

    /// <summary>Has the output begin with this sample, made of the input from the given one on. Only at the start.</summary>
    /// <param name="output">With <see cref="FirstInputOf"/> it, the output is the same as if all before it had been made too.</param>
    /// <param name="firstInput">From there to <see cref="InputOf"/>; what is missing counts as silence.</param>
    internal void StartAt(long output, long firstInput)
    {
        (_inputCount, _outputCount, _place) = (firstInput, output, (int)(output * _inputStep % _outputStep));
        _count = (int)(Reach - (InputOf(output) - firstInput));
    }

    /// <summary>The input sample at, or right before, the place of an output sample.</summary>
    internal long InputOf(long output) => output * _inputStep / _outputStep;

    /// <summary>The first input sample that bears on an output sample: the filter reaches back.</summary>
    internal long FirstInputOf(long output) => Math.Max(0, InputOf(output) - Reach);

    private int Reach => _bank is null ? 0 : (_bank.Taps / 2) - 1;

    /// <summary>Takes the next input and writes the output that it completes.</summary>
    public void Process(ReadOnlySpan<float> input, IBufferWriter<float> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _inputCount += input.Length;
        if (_bank is null)
        {
            _outputCount += input.Length;
            output.Write(input);
            return;
        }

        Append(input);
        Emit(long.MaxValue, output);
    }

    /// <summary>Ends the input: writes the rest, so that in all there are round(input × output rate / input rate) samples.</summary>
    public void Complete(IBufferWriter<float> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_bank is null)
        {
            return;
        }

        var total = ((2 * _inputCount * _outputStep) + _inputStep) / (2L * _inputStep);
        Span<float> silence = stackalloc float[64];
        silence.Clear();
        while (_outputCount < total)
        {
            Append(silence);
            Emit(total, output);
        }
    }

    private void Append(ReadOnlySpan<float> input)
    {
        if (_count + input.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_count + input.Length, 2 * _buffer.Length));
        }

        input.CopyTo(_buffer.AsSpan(_count));
        _count += input.Length;
    }

    private void Emit(long total, IBufferWriter<float> output)
    {
        var taps = _bank!.Taps;
        while (_position + taps <= _count && _outputCount < total)
        {
            var span = output.GetSpan(256);
            var written = 0;
            while (written < span.Length && _position + taps <= _count && _outputCount < total)
            {
                span[written++] = _bank.Apply(_buffer.AsSpan(_position, taps), _place);
                _outputCount++;
                _place += _inputStep;
                _position += _place / _outputStep;
                _place %= _outputStep;
            }

            output.Advance(written);
        }

        // Downsampling may step over the end of what there is: the rest of the step is kept in _position.
        var used = Math.Min(_position, _count);
        _buffer.AsSpan(used, _count - used).CopyTo(_buffer);
        _count -= used;
        _position -= used;
    }

    private static (int InputStep, int OutputStep, Resampling.PhaseBank? Bank) Layout(int inputRateHz, int outputRateHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputRateHz, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputRateHz, 1);
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(inputRateHz, outputRateHz);
        var outputStep = outputRateHz / divisor;
        if (inputRateHz == outputRateHz)
        {
            return (1, 1, null);
        }

        var lower = Math.Min(inputRateHz, outputRateHz);
        var filter = new Resampling.KaiserFilter(inputRateHz, lower);
        return (inputRateHz / divisor, outputStep, new Resampling.PhaseBank(filter, outputStep, (double)lower / inputRateHz));
    }
}
