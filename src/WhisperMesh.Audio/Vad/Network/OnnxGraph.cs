using System.Runtime.InteropServices;
using System.Text;

namespace WhisperMesh.Audio.Vad;

/// <summary>A node of a graph: what it does and the names of what it takes.</summary>
internal sealed record OnnxNode(string Operation, IReadOnlyList<string> Inputs);

/// <summary>A tensor of floats that is stored in the file.</summary>
internal sealed record OnnxTensor(IReadOnlyList<int> Shape, float[] Values);

/// <summary>
/// What an ONNX file says of its nodes, in order, and of its weights: the little of the format (onnx.proto) that it takes to read
/// a network whose form is known. Field numbers are those of ModelProto, GraphProto, NodeProto and TensorProto.
/// </summary>
internal sealed class OnnxGraph
{
    private const int FloatType = 1;

    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxTensor> _weights = new(StringComparer.Ordinal);

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">It is no ONNX file.</exception>
    public OnnxGraph(ReadOnlySpan<byte> file)
    {
        var model = new ProtobufReader(file);
        while (model.Next())
        {
            if (model.Field == 7)
            {
                ReadGraph(model.Bytes);
            }
        }
    }

    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The weights of a name.</summary>
    /// <exception cref="InvalidDataException">There are none, or they have another shape.</exception>
    public float[] Weights(string name, params ReadOnlySpan<int> shape)
    {
        if (!_weights.TryGetValue(name, out var tensor) || !shape.SequenceEqual(CollectionsMarshal.AsSpan([.. tensor.Shape])))
        {
            throw new InvalidDataException($"It has no weights '{name}' of shape [{string.Join(", ", shape.ToArray())}].");
        }

        return tensor.Values;
    }

    private void ReadGraph(ReadOnlySpan<byte> message)
    {
        var graph = new ProtobufReader(message);
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case 1:
                    _nodes.Add(ReadNode(graph.Bytes));
                    break;
                case 5:
                    ReadTensor(graph.Bytes);
                    break;
            }
        }
    }

    private static OnnxNode ReadNode(ReadOnlySpan<byte> message)
    {
        var operation = "";
        var inputs = new List<string>();
        var node = new ProtobufReader(message);
        while (node.Next())
        {
            switch (node.Field)
            {
                case 1:
                    inputs.Add(Encoding.UTF8.GetString(node.Bytes));
                    break;
                case 4:
                    operation = Encoding.UTF8.GetString(node.Bytes);
                    break;
            }
        }

        return new OnnxNode(operation, inputs);
    }

    private void ReadTensor(ReadOnlySpan<byte> message)
    {
        var name = "";
        ulong type = 0;
        ReadOnlySpan<byte> values = [];
        var shape = new List<int>();
        var tensor = new ProtobufReader(message);
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1:
                    ReadShape(tensor, shape);
                    break;
                case 2:
                    type = tensor.Value;
                    break;
                case 4 or 9:
                    // Packed floats and raw bytes are the same bytes.
                    values = tensor.Bytes;
                    break;
                case 8:
                    name = Encoding.UTF8.GetString(tensor.Bytes);
                    break;
            }
        }

        if (type == FloatType && values.Length == 4L * shape.Aggregate(1L, (product, length) => product * length))
        {
            _weights[name] = new OnnxTensor(shape, MemoryMarshal.Cast<byte, float>(values).ToArray());
        }
    }

    // Writers give a repeated number one by one, or packed.
    private static void ReadShape(ProtobufReader tensor, List<int> shape)
    {
        if (tensor.Bytes.Length == 0)
        {
            shape.Add((int)tensor.Value);
            return;
        }

        // A message of bare numbers reads like one varint after another.
        var packed = new ProtobufReader(tensor.Bytes);
        while (packed.Left > 0)
        {
            shape.Add((int)packed.ReadVarint());
        }
    }
}
