using Google.Protobuf;

namespace Aspire.Dashboard.Otlp;

/// <summary>One of OTLP's three services; each has the single method Export. Independent of the transport.</summary>
internal interface IOtlpReceiver<in TRequest, out TResponse>
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>
{
    /// <summary>Full name of the service in the standard's protos.</summary>
    static abstract string ServiceName { get; }

    /// <summary>Takes one batch. Works in memory and at once, hence not asynchronous.</summary>
    TResponse Export(TRequest request);
}
