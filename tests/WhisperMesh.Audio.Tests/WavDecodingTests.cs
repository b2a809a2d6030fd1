using System.Buffers.Binary;

namespace WhisperMesh.Audio.Tests;

public sealed class WavDecodingTests
{
    private static readonly float[] Values = [0f, 0.5f, -0.5f, 0.25f, -1f, 0.75f];

    [Theory]
    [InlineData(1, 8, 0.01)]
    [InlineData(1, 16, 0.0001)]
    [InlineData(1, 24, 0.000001)]
    [InlineData(1, 32, 0.000001)]
    [InlineData(3, 32, 0)]
    [InlineData(3, 64, 0)]
    public async Task DecodeAsync_EachSampleFormat_GivesTheValues(int tag, int bits, double tolerance)
    {
        var wav = AudioFixtures.Wav(tag, bits, 16_000, 1, Encode(tag, bits, Values));

        (await AudioFixtures.DecodeAsync(wav)).ShouldBe(Values, tolerance);
    }

    [Fact]
    public async Task DecodeAsync_Companded_GivesTheValuesOfG711()
    {
        var aLaw = await AudioFixtures.DecodeAsync(AudioFixtures.Wav(6, 8, 16_000, 1, [0xD5, 0x55, 0xAA, 0x2A]));
        var muLaw = await AudioFixtures.DecodeAsync(AudioFixtures.Wav(7, 8, 16_000, 1, [0xFF, 0x7F, 0x80, 0x00]));

        aLaw.ShouldBe([8 / 32768f, -8 / 32768f, 32256 / 32768f, -32256 / 32768f]);
        muLaw.ShouldBe([0, 0, 32124 / 32768f, -32124 / 32768f]);
    }

    [Fact]
    public async Task DecodeAsync_Extensible_ReadsTheSubFormatAndLeavesLowFrequenciesOut()
    {
        byte[] tail = [22, 0, 16, 0, 0x0C, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
        var wav = AudioFixtures.Wav(0xFFFE, 16, 16_000, 2, AudioFixtures.S16([0.5f, 0.9f, -0.5f, 0.9f]), formatTail: tail);

        (await AudioFixtures.DecodeAsync(wav)).ShouldBe([0.5f, -0.5f], 0.0001);
    }

    [Fact]
    public async Task DecodeAsync_Channels_AreMixedToTheirMean() =>
        (await AudioFixtures.DecodeAsync(AudioFixtures.Wav(3, 32, 16_000, 3, Encode(3, 32, [0.3f, 0.6f, 0.9f, -0.3f, 0f, 0f]))))
            .ShouldBe([0.6f, -0.1f], 0.00001);

    [Theory]
    [InlineData(0u, 36u)]
    [InlineData(0u, 0u)]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu)]
    [InlineData(0x7FFFFFFFu, 0x7FFFFFFFu)]
    public async Task DecodeAsync_UnknownSize_ReadsToTheEnd(uint dataSize, uint riffSize)
    {
        var report = new AudioDecodeReport();
        var wav = AudioFixtures.Wav(1, 16, 16_000, 1, AudioFixtures.S16(Values), dataSize, riffSize);

        (await AudioFixtures.DecodeAsync(wav, report: report)).Length.ShouldBe(Values.Length);
        report.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task DecodeAsync_CutInTheData_GivesWhatIsThereAndWarns()
    {
        var report = new AudioDecodeReport();
        var wav = AudioFixtures.Wav(1, 16, 16_000, 1, AudioFixtures.S16(Values), dataSize: 4000);

        (await AudioFixtures.DecodeAsync(wav[..^1], report: report)).Length.ShouldBe(Values.Length - 1);
        report.Warnings.ShouldHaveSingleItem().ShouldContain("cut short");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DecodeAsync_OddChunkBeforeTheData_IsSkippedWithOrWithoutItsPadding(bool padded)
    {
        byte[] chunk = [.. "LIST"u8, 3, 0, 0, 0, 65, 66, 67, .. padded ? new byte[1] : []];
        var wav = AudioFixtures.Wav(1, 16, 16_000, 1, AudioFixtures.S16(Values), between: chunk);

        (await AudioFixtures.DecodeAsync(wav)).ShouldBe(Values, 0.0001);
    }

    [Fact]
    public async Task DecodeAsync_EmptyData_GivesNoSamples()
    {
        (await AudioFixtures.DecodeAsync(AudioFixtures.Wav(1, 16, 16_000, 1, []))).ShouldBeEmpty();
        (await AudioFixtures.DecodeAsync(AudioFixtures.Wav(1, 16, 16_000, 1, [.. "LIST"u8, 0, 0, 0, 0], dataSize: 0))).ShouldBeEmpty();
    }

    [Fact]
    public async Task DecodeAsync_DamagedFloats_StayFinite() =>
        (await AudioFixtures.DecodeAsync(
            AudioFixtures.Wav(3, 32, 16_000, 1, Encode(3, 32, [float.NaN, float.PositiveInfinity, 1e30f, 0.5f])))).ShouldBe([0, 0, 65_536, 0.5f]);

    [Fact]
    public async Task DecodeAsync_OtherRate_GivesTheExactLength()
    {
        var report = new AudioDecodeReport();
        var wav = AudioFixtures.Wav(1, 16, 44_100, 2, AudioFixtures.S16(new float[2 * 100_001]));

        (await AudioFixtures.DecodeAsync(wav, report: report)).Length.ShouldBe(36_282);
        report.SourceSampleRateHz.ShouldBe(44_100);
        report.SourceChannelCount.ShouldBe(2);
        report.BytesRead.ShouldBe(wav.Length);
    }

    [Theory]
    [InlineData(0, 1, "0 Hz")]
    [InlineData(3_999, 1, "3999 Hz")]
    [InlineData(192_001, 1, "192001 Hz")]
    [InlineData(16_000, 0, "0 channels")]
    [InlineData(16_000, 200, "200 channels")]
    public async Task DecodeAsync_ImpossibleShape_SaysWhatIsWrong(int rateHz, int channels, string said)
    {
        var wav = AudioFixtures.Wav(1, 16, rateHz, channels, new byte[800]);

        (await Should.ThrowAsync<AudioException>(() => AudioFixtures.DecodeAsync(wav))).Message.ShouldContain(said);
    }

    [Fact]
    public async Task DecodeAsync_NotAudio_SaysWhatItIs()
    {
        await FailsAsync("Dear Sir or Madam, this is a letter."u8.ToArray(), "it is text");
        await FailsAsync("#EXTM3U\nfile:///etc/passwd\n"u8.ToArray(), "it is text");
        await FailsAsync([], "empty");
        await FailsAsync([1, 2], "not audio");
        await FailsAsync([.. "RIFF"u8, 4, 0, 0, 0, .. "AVI "u8], "not a WAV");
        await FailsAsync(AudioFixtures.Wav(1, 16, 16_000, 1, new byte[10])[..30], "cut short");
        await FailsAsync(AudioFixtures.Wav(1, 16, 16_000, 1, new byte[10])[..40], "no 'data' chunk");
        await FailsAsync(AudioFixtures.Wav(1, 12, 16_000, 1, new byte[10], blockAlign: 5), "12 bits");
    }

    [Fact]
    public async Task DecodeAsync_AboveALimit_IsRefused()
    {
        var wav = AudioFixtures.Wav(1, 16, 16_000, 1, new byte[64_000]);

        (await Should.ThrowAsync<AudioException>(() => AudioFixtures.DecodeAsync(
            wav, options: new AudioDecoderOptions { MaxAudio = TimeSpan.FromSeconds(1) }))).Reason.ShouldBe(AudioErrorReason.TooLong);
        (await Should.ThrowAsync<AudioException>(() => AudioFixtures.DecodeAsync(
            wav, options: new AudioDecoderOptions { MaxAudioBytes = 1000 }))).Reason.ShouldBe(AudioErrorReason.TooLarge);
    }

    [Fact]
    public async Task DecodeAsync_DeclaredOtherwise_IsRefused() =>
        (await Should.ThrowAsync<AudioException>(() => AudioFixtures.DecodeAsync(
            AudioFixtures.Wav(1, 16, 16_000, 1, new byte[64]), new AudioFormat(AudioEncoding.Wav, 8000))))
            .Reason.ShouldBe(AudioErrorReason.FormatMismatch);

    [Fact]
    public async Task DecodeAsync_RawPcm_NeedsItsShape()
    {
        var raw = AudioFixtures.S16(Values);

        (await AudioFixtures.DecodeAsync(raw, new AudioFormat(AudioEncoding.PcmS16Le, 16_000, 1))).ShouldBe(Values, 0.0001);
        (await Should.ThrowAsync<AudioException>(() => AudioFixtures.DecodeAsync(raw, new AudioFormat(AudioEncoding.PcmS16Le))))
            .Message.ShouldContain("0 Hz");
    }

    private static async Task FailsAsync(byte[] input, string said)
    {
        var exception = await Should.ThrowAsync<AudioException>(() => AudioFixtures.DecodeAsync(input));

        exception.Reason.ShouldBeOneOf(AudioErrorReason.Unreadable, AudioErrorReason.Unsupported);
        exception.Message.ShouldContain(said);
    }

    private static byte[] Encode(int tag, int bits, float[] values)
    {
        var width = bits / 8;
        var bytes = new byte[values.Length * width];
        for (var i = 0; i < values.Length; i++)
        {
            var target = bytes.AsSpan(i * width, width);
            switch (tag, bits)
            {
                case (3, 32):
                    BinaryPrimitives.WriteSingleLittleEndian(target, values[i]);
                    break;
                case (3, _):
                    BinaryPrimitives.WriteDoubleLittleEndian(target, values[i]);
                    break;
                case (_, 8):
                    target[0] = (byte)Math.Clamp((values[i] * 128) + 128, 0, 255);
                    break;
                default:
                    var whole = new byte[8];
                    BinaryPrimitives.WriteInt64LittleEndian(whole, (long)(values[i] * Math.Pow(2, bits - 1)));
                    whole.AsSpan(0, width).CopyTo(target);
                    break;
            }
        }

        return bytes;
    }
}
