using System.Net.Sockets;
using Grpc.Core;
using WhisperMesh.Router.Relay;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tests.Relay;

public sealed class RelayFailuresTests
{
    [Theory]
    [InlineData(StatusCode.Unavailable, ErrorReasons.ModelLoading)]
    [InlineData(StatusCode.FailedPrecondition, ErrorReasons.ModelBroken)]
    [InlineData(StatusCode.ResourceExhausted, ErrorReasons.ModelMemoryFull)]
    public void Classify_ModelThatTheWorkerCantServeNow_IsUnready(StatusCode code, string reason) =>
        RelayFailures.Classify(new MeshException(code, reason, "Not now.").ToRpcException()).ShouldBe(RelayFailure.Unready);

    [Fact]
    public void Classify_QueueFull_IsFull() =>
        RelayFailures.Classify(MeshException.ResourceExhausted(ErrorReasons.QueueFull, "Full.").ToRpcException())
            .ShouldBe(RelayFailure.Full);

    [Theory]
    [InlineData(ErrorReasons.AudioTooLong)]
    [InlineData(ErrorReasons.AudioTooLarge)]
    public void Classify_AnotherLimitReached_IsFinal(string reason) =>
        RelayFailures.Classify(MeshException.ResourceExhausted(reason, "Too much.").ToRpcException()).ShouldBe(RelayFailure.Final);

    [Fact]
    public void Classify_WorkerSaysItIsDraining_IsRefused() =>
        RelayFailures.Classify(MeshException.Unavailable(ErrorReasons.Draining, "Going down.").ToRpcException())
            .ShouldBe(RelayFailure.Refused);

    [Fact]
    public void Classify_WorkerOfAnotherMesh_IsRefused() =>
        RelayFailures.Classify(new MeshException(StatusCode.Unauthenticated, ErrorReasons.NotOfThisMesh, "Who?").ToRpcException())
            .ShouldBe(RelayFailure.Refused);

    public static TheoryData<Exception> ConnectionsNeverMade() =>
    [
        new HttpRequestException(HttpRequestError.ConnectionError, "No connection."),
        new HttpRequestException(HttpRequestError.SecureConnectionError, "No TLS."),
        new HttpRequestException("Wrapped.", new SocketException((int)SocketError.ConnectionRefused)),
        new HttpRequestException("Wrapped.", new IOException("Deeper.", new SocketException((int)SocketError.HostUnreachable))),
        new SocketException((int)SocketError.TimedOut),
    ];

    [Theory]
    [MemberData(nameof(ConnectionsNeverMade))]
    public void Classify_NeverConnected_IsRefused(Exception cause) =>
        RelayFailures.Classify(Failure(StatusCode.Unavailable, cause)).ShouldBe(RelayFailure.Refused);

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.Cancelled)]
    public void Classify_TransportBroke_IsDied(StatusCode code) =>
        RelayFailures.Classify(Failure(code, new IOException("Reset.", new SocketException((int)SocketError.ConnectionReset))))
            .ShouldBe(RelayFailure.Died);

    // The first: a stream that ends without a summary. The second: a stream reset by a worker that is killed.
    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Cancelled)]
    public void Classify_BrokenWithoutACause_IsDied(StatusCode code) =>
        RelayFailures.Classify(Failure(code, null)).ShouldBe(RelayFailure.Died);

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Unimplemented)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    public void Classify_WorkersOwnStatus_IsFinal(StatusCode code) =>
        RelayFailures.Classify(Failure(code, null)).ShouldBe(RelayFailure.Final);

    private static RpcException Failure(StatusCode code, Exception? cause) => new(new Status(code, "Failed.", cause));
}
