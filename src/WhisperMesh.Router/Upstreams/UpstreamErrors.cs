using Grpc.Core;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Upstreams;

/// <summary>What goes wrong with an upstream, as <see cref="Relay.RelayFailures"/> reads it.</summary>
internal static class UpstreamErrors
{
    /// <summary>It refuses the request itself: the caller's to change.</summary>
    public const string RefusedReason = "UPSTREAM_REFUSED";

    /// <summary>This request is nothing for it; another worker may take it.</summary>
    public const string UnsuitedReason = "UPSTREAM_UNSUITED";

    /// <summary>It serves nobody until its operator, or ours, does something.</summary>
    public const string UnusableReason = "UPSTREAM_UNUSABLE";

    /// <summary>It could not be reached, or says that it can't serve now; it has not taken the request.</summary>
    public const string UnreachableReason = "UPSTREAM_UNREACHABLE";

    /// <summary>Final: goes to the caller.</summary>
    public static RpcException Refused(UpstreamSettings upstream, string message) =>
        new MeshException(StatusCode.InvalidArgument, RefusedReason, $"The upstream '{upstream.Name}' refused the request: {message}")
            .ToRpcException();

    /// <summary>Another worker may take it; where there is none, this is what the caller reads.</summary>
    public static RpcException Unsuited(string message, string field, StatusCode code = StatusCode.InvalidArgument) =>
        new MeshException(code, UnsuitedReason, message) { Field = field }.ToRpcException();

    public static RpcException TooLarge(UpstreamSettings upstream, long limit) => Unsuited(
        $"The audio is larger than the {limit} bytes that the upstream '{upstream.Name}' takes.", "audio", StatusCode.ResourceExhausted);

    public static RpcException Unusable(UpstreamSettings upstream, string why) =>
        MeshException.Unavailable(UnusableReason, $"The upstream '{upstream.Name}' can't be used: {why}").ToRpcException();

    public static RpcException Unreachable(UpstreamSettings upstream, string why) =>
        MeshException.Unavailable(UnreachableReason, $"The upstream '{upstream.Name}' can't serve now: {why}").ToRpcException();

    /// <summary>Its configuration changed while a request was on its way there.</summary>
    public static RpcException Gone(string name) =>
        MeshException.Unavailable(UnusableReason, $"The upstream '{name}' is no longer in the configuration.").ToRpcException();

    public static RpcException Full(UpstreamSettings upstream, TimeSpan? wait) =>
        MeshException.ResourceExhausted(ErrorReasons.QueueFull, $"The upstream '{upstream.Name}' takes no more requests now.", wait)
            .ToRpcException();

    /// <summary>It broke, or the way to it, with the request in hand. Has no reason, as a worker that died has none.</summary>
    public static RpcException Died(UpstreamSettings upstream, string how, Exception? cause = null) =>
        new(new Status(StatusCode.Unavailable, $"The upstream '{upstream.Name}' {how}.", cause));

    public static RpcException Late() =>
        new MeshException(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", "The deadline of the request has passed.").ToRpcException();
}
