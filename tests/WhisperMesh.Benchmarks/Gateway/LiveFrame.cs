using System.Buffers.Binary;
using System.Diagnostics;
using System.Threading.Channels;

namespace WhisperMesh.Benchmarks.Gateway;

/// <summary>20 ms of 16 kHz audio that say, in their first bytes, of which stream they are and when they were sent.</summary>
internal static class LiveFrame
{
    public const int Bytes = 640;

    public static byte[] Create(int stream)
    {
        var frame = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(frame, Stopwatch.GetTimestamp());
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(sizeof(long)), stream);
        return frame;
    }
}

/// <summary>Finds the frames of one stream in its messages, which may have been cut and joined on the way.</summary>
internal sealed class FrameReader(ChannelWriter<FrameArrival> arrivals)
{
    private readonly byte[] _frame = new byte[LiveFrame.Bytes];
    private int _filled;

    public void Read(ReadOnlySpan<byte> audio)
    {
        while (audio.Length > 0)
        {
            var count = Math.Min(audio.Length, _frame.Length - _filled);
            audio[..count].CopyTo(_frame.AsSpan(_filled));
            audio = audio[count..];
            _filled += count;
            if (_filled < _frame.Length)
            {
                continue;
            }

            _filled = 0;
            var sent = BinaryPrimitives.ReadInt64LittleEndian(_frame);
            arrivals.TryWrite(new FrameArrival(BinaryPrimitives.ReadInt32LittleEndian(_frame.AsSpan(sizeof(long))), sent, Stopwatch.GetTimestamp()));
        }
    }
}
