using Google.Rpc;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Synthesis.Tests.Worker;

[Collection(typeof(SharedWorker))]
public sealed class BadRequestTests(RunningWorker worker)
{
    public static TheoryData<string, SynthesizeRequest, StatusCode, string, string> Bad => new()
    {
        { "empty", new() { Text = "" }, StatusCode.InvalidArgument, "text", ErrorReasons.FieldInvalid },
        { "long", new() { Text = new string('a', 4097) }, StatusCode.InvalidArgument, "text", ErrorReasons.FieldInvalid },
        { "dots", new() { Text = "... !? \n" }, StatusCode.InvalidArgument, "text", ErrorReasons.FieldInvalid },
        { "quotes", new() { Text = "\"\" ()" }, StatusCode.InvalidArgument, "text", ErrorReasons.FieldInvalid },
        { "nameless signs", new() { Text = "✓" }, StatusCode.InvalidArgument, "text", ErrorReasons.FieldInvalid },
        { "spaces", new() { Text = " \t\u00a0\u200b" }, StatusCode.InvalidArgument, "text", ErrorReasons.FieldInvalid },
        { "model", new() { Text = "Hi.", Model = "other" }, StatusCode.NotFound, "model", ErrorReasons.ModelNotFound },
        { "voice", new() { Text = "Hi.", Voice = "jane" }, StatusCode.NotFound, "voice", ErrorReasons.VoiceNotFound },
        { "fast", new() { Text = "Hi.", Speed = 9 }, StatusCode.InvalidArgument, "speed", ErrorReasons.FieldInvalid },
        { "slow", new() { Text = "Hi.", Speed = 0.1f }, StatusCode.InvalidArgument, "speed", ErrorReasons.FieldInvalid },
        { "zero", new() { Text = "Hi.", Speed = 0 }, StatusCode.InvalidArgument, "speed", ErrorReasons.FieldInvalid },
        { "NaN", new() { Text = "Hi.", Speed = float.NaN }, StatusCode.InvalidArgument, "speed", ErrorReasons.FieldInvalid },
        { "id", new() { Text = "Hi.", RequestId = "a b" }, StatusCode.InvalidArgument, "request_id", ErrorReasons.FieldInvalid },
        { "long id", new() { Text = "Hi.", RequestId = new string('x', 65) }, StatusCode.InvalidArgument, "request_id", ErrorReasons.FieldInvalid },
        { "G.711", In(AudioEncoding.Alaw), StatusCode.InvalidArgument, "audio_format.encoding", ErrorReasons.FieldInvalid },
        { "unknown encoding", In((AudioEncoding)99), StatusCode.InvalidArgument, "audio_format.encoding", ErrorReasons.FieldInvalid },
        { "WAV rate", In(AudioEncoding.Wav, 1000), StatusCode.InvalidArgument, "audio_format.sample_rate_hz", ErrorReasons.FieldInvalid },
        { "negative rate", In(AudioEncoding.Wav, -1), StatusCode.InvalidArgument, "audio_format.sample_rate_hz", ErrorReasons.FieldInvalid },
        { "mp3 rate", In(AudioEncoding.Mp3, 12_345), StatusCode.InvalidArgument, "audio_format.sample_rate_hz", ErrorReasons.FieldInvalid },
        { "stereo", In(AudioEncoding.Wav, 0, 2), StatusCode.InvalidArgument, "audio_format.channel_count", ErrorReasons.FieldInvalid },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public async Task Synthesize_BadRequest_NamesTheField(string _, SynthesizeRequest request, StatusCode code, string field, string reason)
    {
        var error = await Should.ThrowAsync<RpcException>(() => Spoken.ReadAsync(worker, request));

        error.StatusCode.ShouldBe(code);
        error.Status.Detail.ShouldNotBeEmpty();
        var status = error.GetRpcStatus().ShouldNotBeNull();
        status.GetDetail<ErrorInfo>().ShouldBe(new ErrorInfo { Reason = reason, Domain = ErrorReasons.Domain });
        var violation = status.GetDetail<BadRequest>().ShouldNotBeNull().FieldViolations.ShouldHaveSingleItem();
        violation.Field.ShouldBe(field);
        violation.Description.ShouldBe(error.Status.Detail);
    }

    [Fact]
    public async Task Synthesize_LongestText_IsTaken()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        // Characters, not UTF-16 units: each of these is two.
        var text = "Hello. " + string.Concat(Enumerable.Repeat("😀", 4089));

        using (var call = worker.Speech.Synthesize(new SynthesizeRequest { Text = text }, cancellationToken: cancellationToken))
        {
            (await call.ResponseStream.MoveNext(cancellationToken)).ShouldBeTrue();
            call.ResponseStream.Current.EventCase.ShouldBe(SynthesizeResponse.EventOneofCase.Started);
        }

        await worker.WaitForLoadAsync(load => load.ActiveRequestCount == 0);
    }

    private static SynthesizeRequest In(AudioEncoding encoding, int rate = 0, int channels = 0) => new()
    {
        Text = "Hi.",
        AudioFormat = new AudioFormat { Encoding = encoding, SampleRateHz = rate, ChannelCount = channels },
    };
}
