using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Transcription.Requests;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Tests;

public sealed class EngineErrorsTests
{
    [Fact]
    public void Map_Overloaded_IsAFullQueueWithRetryInfo()
    {
        var error = EngineErrors.Map(new WhisperException(WhisperErrorReason.Overloaded, "Too much to do."));

        (error.StatusCode, error.Reason, error.Message).ShouldBe((StatusCode.ResourceExhausted, ErrorReasons.QueueFull, "Too much to do."));
        RpcErrorDetails.From(error.ToRpcException()).RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public void Map_Failed_IsInternalAndKeepsTheCauseForTheLog()
    {
        var failure = new WhisperException(WhisperErrorReason.Failed, "Session 3 broke.");

        var error = EngineErrors.Map(failure);

        (error.StatusCode, error.Reason, error.Message).ShouldBe((StatusCode.Internal, ErrorReasons.Internal, "The model failed."));
        error.InnerException.ShouldBe(failure);
    }

    [Theory]
    [InlineData(nameof(TranscriptionRequest.Language), "language_code")]
    [InlineData(nameof(TranscriptionRequest.AllowedLanguages), "language_codes")]
    [InlineData(nameof(TranscriptionRequest.Translate), "task")]
    [InlineData(nameof(TranscriptionRequest.Prompt), "prompt")]
    [InlineData(nameof(TranscriptionRequest.Keywords), "keywords")]
    [InlineData(nameof(TranscriptionRequest.CarryContext), "carry_context")]
    [InlineData(nameof(TranscriptionRequest.Temperature), "temperature")]
    [InlineData(nameof(TranscriptionRequest.BeamSize), "beam_size")]
    [InlineData(nameof(TranscriptionRequest.BestOf), "best_of")]
    [InlineData(nameof(TranscriptionRequest.Thresholds), "thresholds")]
    [InlineData(nameof(TranscriptionRequest.Class), "request_class")]
    [InlineData(nameof(TranscriptionRequest.WordTimestamps), "word_timestamps")]
    [InlineData(nameof(TranscriptionRequest.Seed), "seed")]
    public void Map_FieldOfTheEngine_IsNamedAsInTheContract(string field, string expected)
    {
        WhisperMesh.Speech.V1.TranscriptionConfig.Descriptor.FindFieldByName(expected).ShouldNotBeNull();

        EngineErrors.Map(new WhisperException(WhisperErrorReason.FieldInvalid, "Bad.") { Field = field }).Field.ShouldBe(expected);
    }
}
