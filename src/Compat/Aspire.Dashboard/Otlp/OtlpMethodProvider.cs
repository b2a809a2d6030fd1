using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Aspire.Dashboard.Otlp;

/// <summary>Binds a receiver to gRPC. Unlike generated bindings it answers an unreadable message with INVALID_ARGUMENT.</summary>
internal sealed class OtlpMethodProvider<TReceiver, TRequest, TResponse> : IServiceMethodProvider<TReceiver>
    where TReceiver : class, IOtlpReceiver<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<TReceiver> context)
    {
        var method = new Method<TRequest, TResponse>(
            MethodType.Unary,
            TReceiver.ServiceName,
            "Export",
            Marshallers.Create<TRequest>((_, _) => throw new NotSupportedException("Only clients write requests."), Read),
            Marshallers.Create<TResponse>(Write, _ => throw new NotSupportedException("Only clients read responses.")));
        context.AddUnaryMethod(method, [], (receiver, request, _) => Task.FromResult(receiver.Export(request)));
    }

    private static TRequest Read(DeserializationContext context)
    {
        try
        {
            return OtlpMessage<TRequest>.Parser.ParseFrom(context.PayloadAsReadOnlySequence());
        }
        catch (InvalidProtocolBufferException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The message is not a readable {typeof(TRequest).Name}."));
        }
    }

    private static void Write(TResponse response, SerializationContext context)
    {
        context.SetPayloadLength(response.CalculateSize());
        response.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
