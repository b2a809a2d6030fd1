using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Tests;

[Collection(RunningWorker.Collection)]
public sealed class LifetimeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_RequestRunning_IsFinishedFirst()
    {
        await using var app = TranscriptionHost.Build([]);
        await MeshHost.StartAsync(app, Token);
        using var channel = GrpcChannelDefaults.CreateChannel(app.Services.GetRequiredService<MeshAddresses>().Grpc);
        using var call = new TranscriptionService.TranscriptionServiceClient(channel).StreamTranscribe(cancellationToken: Token);
        var audio = RunningWorker.Recording("en-sorry");
        await call.RequestStream.WriteAsync(RunningWorker.Config(new TranscriptionConfig()), Token);
        await call.RequestStream.WriteAsync(RunningWorker.Audio(audio[..60_000]), Token);
        (await call.ResponseStream.MoveNext(Token)).ShouldBeTrue();

        // As a signal does it: the end is announced first.
        app.Lifetime.StopApplication();
        var stop = app.StopAsync(Token);
        app.Services.GetRequiredService<WorkerGate>().Load.Draining.ShouldBeTrue();
        stop.IsCompleted.ShouldBeFalse();
        await call.RequestStream.WriteAsync(RunningWorker.Audio(audio[60_000..120_000]), Token);
        await call.RequestStream.CompleteAsync();
        StreamTranscribeResponse? last = null;
        await foreach (var happening in call.ResponseStream.ReadAllAsync(Token))
        {
            last = happening;
        }

        last.ShouldNotBeNull().Summary.ShouldNotBeNull();
        await stop.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task Start_ModelMissing_NamesTheFilesAndExitsWithOne()
    {
        var errors = await FailedStartAsync("--Transcription:ModelPath=/nowhere/whisper", "--Transcription:VadPath=/nowhere/vad.onnx");

        errors.ShouldContain(Path.GetFullPath("/nowhere/whisper/encoder.onnx"));
        errors.ShouldContain(Path.GetFullPath("/nowhere/vad.onnx"));
    }

    [Fact]
    public async Task Start_BadSettings_NamesThemAllAndExitsWithOne()
    {
        var errors = await FailedStartAsync(
            "--Transcription:Threads=-3", "--Transcription:Device=abacus", "--Endpoints:Address=nowhere");

        errors.ShouldContain("Threads");
        errors.ShouldContain("Device");
        errors.ShouldContain("Endpoints:Address");
    }

    private static async Task<string> FailedStartAsync(params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "WhisperMesh.Transcription.dll"), .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        var output = process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(60), Token);

        process.ExitCode.ShouldBe(1, await errors);
        (await errors + await output).ShouldNotContain("   at ");
        return await errors;
    }
}
