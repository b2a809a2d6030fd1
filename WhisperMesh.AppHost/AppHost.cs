using Aspire.Hosting;
using WhisperMesh.AppHost;
using WhisperMesh.AppHost.SelfTest;

if (!AppHostOptions.TryParse(args, out var options, out var exitCode))
{
    return exitCode;
}

try
{
    var builder = DistributedApplication.CreateBuilder(options.HostArguments);

    // Who is there and how busy they are. Only the router and the workers' leases need it; no request waits for it.
    var redis = builder.AddRedis("redis");

    // Audio in, text out.
    var transcription = builder.AddProject("transcription", "../src/WhisperMesh.Transcription/WhisperMesh.Transcription.csproj")
        .WithReplicas(options.TranscriptionReplicas)
        .WithHttpEndpoint(env: "Endpoints__HttpPort")
        .WithHttpEndpoint(name: "grpc", env: "Endpoints__GrpcPort")
        .WithHttpHealthCheck("/health")
        .WithReference(redis)
        .WaitFor(redis);

    // Text in, audio out.
    var synthesis = builder.AddProject("synthesis", "../src/WhisperMesh.Synthesis/WhisperMesh.Synthesis.csproj")
        .WithHttpEndpoint(env: "Endpoints__HttpPort")
        .WithHttpEndpoint(name: "grpc", env: "Endpoints__GrpcPort")
        .WithHttpHealthCheck("/health")
        .WithReference(redis)
        .WaitFor(redis);

    // The one address that clients know.
    var router = builder.AddProject("router", "../src/WhisperMesh.Router/WhisperMesh.Router.csproj")
        .WithHttpEndpoint(options.HttpPort, env: "Endpoints__HttpPort", isProxied: false)
        .WithHttpEndpoint(options.GrpcPort, name: "grpc", env: "Endpoints__GrpcPort", isProxied: false)
        .WithHttpHealthCheck("/health")
        .WithReference(redis)
        .WaitFor(redis);

    builder.AddSelfTest(router, [transcription, synthesis, router], options.ExitAfterSelfTest);
    await builder.Build().RunAsync();
    return Environment.ExitCode;
}
catch (DistributedApplicationException exception)
{
    await Console.Error.WriteLineAsync($"{exception.Message}\n{AppHostOptions.PortHint}");
    return 1;
}
