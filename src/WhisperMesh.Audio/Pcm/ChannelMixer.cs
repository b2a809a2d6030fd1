using System.Numerics.Tensors;

namespace WhisperMesh.Audio.Pcm;

/// <summary>Takes interleaved channels apart: to their mean, without a channel that carries no speech, or to one of them.</summary>
internal static class ChannelMixer
{
    public static void MixDown(ReadOnlySpan<float> interleaved, PcmLayout layout, Span<float> mono)
    {
        var channels = layout.ChannelCount;
        var skipped = layout.SkippedChannel;
        var scale = 1f / (channels - (skipped >= 0 ? 1 : 0));
        for (var frame = 0; frame < mono.Length; frame++)
        {
            var samples = interleaved.Slice(frame * channels, channels);
            var sum = channels == 2 && skipped < 0 ? samples[0] + samples[1] : TensorPrimitives.Sum(samples);
            mono[frame] = (skipped >= 0 ? sum - samples[skipped] : sum) * scale;
        }
    }

    public static void Pick(ReadOnlySpan<float> interleaved, int channelCount, int channel, Span<float> samples)
    {
        for (var frame = 0; frame < samples.Length; frame++)
        {
            samples[frame] = interleaved[(frame * channelCount) + channel];
        }
    }
}
