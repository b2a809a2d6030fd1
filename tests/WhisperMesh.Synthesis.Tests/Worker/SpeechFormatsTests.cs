using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Synthesis.Worker;
using Contract = WhisperMesh.Speech.V1;

namespace WhisperMesh.Synthesis.Tests.Worker;

public sealed class SpeechFormatsTests
{
    private static readonly Contract.AudioEncoding[] Written =
    [
        Contract.AudioEncoding.Wav, Contract.AudioEncoding.PcmS16Le, Contract.AudioEncoding.Mp3,
        Contract.AudioEncoding.Opus, Contract.AudioEncoding.Flac, Contract.AudioEncoding.Aac,
    ];

    public static TheoryData<Contract.AudioEncoding> All => [.. Enum.GetValues<Contract.AudioEncoding>()];

    [Theory]
    [MemberData(nameof(All))]
    public void FromContract_EachEncoding_ComesBackOrIsRefused(Contract.AudioEncoding encoding)
    {
        if (encoding == Contract.AudioEncoding.Unspecified)
        {
            SpeechFormats.FromContract(encoding).ShouldBe(Audio.AudioEncoding.Wav);
        }
        else if (Written.Contains(encoding))
        {
            SpeechFormats.FromContract(encoding).ToString().ShouldBe(encoding.ToString());
            SpeechFormats.ToContract(SpeechFormats.FromContract(encoding)).ShouldBe(encoding);
        }
        else
        {
            Should.Throw<MeshException>(() => SpeechFormats.FromContract(encoding)).Field.ShouldBe("audio_format.encoding");
        }
    }
}
