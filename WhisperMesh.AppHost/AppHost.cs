using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
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

    // Router and workers know each other by it. Made for this run: it is in no file and no argument.
    var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);

    // Audio in, text out.
    var transcription = builder.AddProject("transcription", "../src/WhisperMesh.Transcription/WhisperMesh.Transcription.csproj")
        .WithReplicas(options.TranscriptionReplicas)
        .WithHttpEndpoint(env: "Endpoints__HttpPort")
        .WithHttpEndpoint(name: "grpc", env: "Endpoints__GrpcPort")
        .WithHttpHealthCheck("/health")
        .WithEnvironment("Mesh__Secret", secret)
        .WithReference(redis)
        .WaitFor(redis);

    // Text in, audio out.
    var synthesis = builder.AddProject("synthesis", "../src/WhisperMesh.Synthesis/WhisperMesh.Synthesis.csproj")
        .WithHttpEndpoint(env: "Endpoints__HttpPort")
        .WithHttpEndpoint(name: "grpc", env: "Endpoints__GrpcPort")
        .WithHttpHealthCheck("/health")
        .WithEnvironment("Mesh__Secret", secret)
        .WithReference(redis)
        .WaitFor(redis);

    // The one address that clients know.
    var router = AddRouter("router", options.HttpPort, options.GrpcPort);

    // Any other router serves the same; they share nothing but Redis.
    IResourceBuilder<ProjectResource>[] routers =
        [router, .. Enumerable.Range(2, options.RouterReplicas - 1).Select(number => AddRouter($"router-{number}", null, null))];

    builder.AddSelfTest(router, [transcription, synthesis, .. routers], options.ExitAfterSelfTest);
    await builder.Build().RunAsync();
    return Environment.ExitCode;

    IResourceBuilder<ProjectResource> AddRouter(string name, int? httpPort, int? grpcPort) =>
        builder.AddProject(name, "../src/WhisperMesh.Router/WhisperMesh.Router.csproj")
            .WithHttpEndpoint(httpPort, env: "Endpoints__HttpPort", isProxied: false)
            .WithHttpEndpoint(grpcPort, name: "grpc", env: "Endpoints__GrpcPort", isProxied: false)
            .WithHttpHealthCheck("/health")
            .WithEnvironment("Mesh__Secret", secret)
            // Pages of requests lead to their traces.
            .WithEnvironment(context => context.EnvironmentVariables["Console__DashboardUrl"] = DashboardUrl())
            .WithReference(redis)
            .WaitFor(redis);

    string DashboardUrl() => builder.Configuration["ASPNETCORE_URLS"]?.Split(';')[0] ?? "http://127.0.0.1:18888";
}
catch (DistributedApplicationException exception)
{
    await Console.Error.WriteLineAsync($"{exception.Message}\n{AppHostOptions.PortHint}");
    return 1;
}
